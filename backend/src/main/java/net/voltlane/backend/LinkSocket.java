package net.voltlane.backend;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import net.voltlane.tcp.AddressPair;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a firehose: TCP or a Unix socket, with or without TLS. One thread reads and one writes, at the same time;
 * any thread may close.
 */
interface LinkSocket {
    /**
     * Does what has to be done before the first packet: the handshake of TLS. For the reader. The writer waits for it.
     *
     * @throws IOException if the peer is refused
     */
    void open() throws IOException;

    /**
     * Reads bytes.
     *
     * @param mayWait false: only what is there already
     * @return the number of bytes; 0 if there are none and waiting was not allowed; -1 at the end
     */
    int read(ByteBuffer into, boolean mayWait) throws IOException;

    /** Tells whether bytes may be there. For the reader. */
    boolean hasInput() throws IOException;

    /**
     * Writes bytes, and waits until the system has taken at least some. May leave the rest for the next call.
     *
     * @return how many bytes were taken: all those that can reach the peer, and no others
     * @throws IOException if none were taken by this call
     */
    int write(ByteBuffer bytes) throws IOException;

    /** Writes bytes out of two buffers, one behind the other, as {@link #write(ByteBuffer)} does. */
    int write(ByteBuffer[] bytes) throws IOException;

    /** Tells the peer that no more comes. For the writer. */
    void shutdownOutput() throws IOException;

    /** Closes this socket. Who waits for it stops waiting, with an exception. Any thread. */
    void close() throws IOException;

    /** Bytes that the system has taken, whatever they carry. Any thread. */
    long sentBytes();

    /** Bytes that the system has given, whatever they carry. Any thread. */
    long receivedBytes();

    /** The peer's address: of TCP, or of a Unix socket. */
    SocketAddress peer();

    /** The addresses of both ends; null if this is not TCP. */
    @Nullable
    AddressPair ends();

    /** The certificates that the peer has shown and that were verified, its own first. Empty without TLS. */
    List<X509Certificate> peerCertificates();
}
