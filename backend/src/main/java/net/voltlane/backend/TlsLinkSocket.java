package net.voltlane.backend;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import net.voltlane.tcp.AddressPair;
import org.jspecify.annotations.Nullable;

/**
 * A socket inside TLS 1.3, as the end that is dialled. The reader does the handshake, and the writer waits for its end.
 * Afterwards each of them has its own direction of the engine.
 *
 * <pre>
 *   socket ──► received: records, the last one in part ──► engine ──► the reader's buffer
 *                                                             └─────► spare: what that has no room for
 *   the writer's buffers ──► engine ──► sealed: a whole record ──► socket
 * </pre>
 *
 * After the handshake, TLS 1.3 has messages that want an answer (a new key). The reader never writes, since the writer may
 * wait for the peer: the engine puts the answer before what is written next.
 */
final class TlsLinkSocket implements LinkSocket {
    /** Bytes that are read from the socket in one go, once the handshake is done. */
    private static final int RECEIVED_BYTES = 128 * 1024;

    /** Records without data that a peer may send. An honest one sends one in billions of bytes. */
    private static final int MAX_CONTROL_RECORDS = 1_000;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final LinkSocket socket;
    private final SSLEngine engine;
    private final CountDownLatch opened = new CountDownLatch(1);
    private volatile boolean isOpen;
    private int controlRecords;

    /** Bytes that the socket gave and the engine has not consumed. For the reader, ready to be read from. */
    private ByteBuffer received;

    /** Plain bytes that the reader had no room for. For the reader, ready to be read from. */
    private ByteBuffer spare = NOTHING;

    /** For the reader during the handshake, and then for the writer. Empty between two calls. */
    private ByteBuffer sealed;

    TlsLinkSocket(LinkSocket socket, SSLEngine engine) {
        this.socket = socket;
        this.engine = engine;
        int recordBytes = engine.getSession().getPacketBufferSize();
        received = ByteBuffer.allocate(recordBytes).flip();
        sealed = ByteBuffer.allocate(recordBytes);
    }

    // ---- the handshake, by the reader

    @Override
    public void open() throws IOException {
        try {
            engine.beginHandshake();
            handshake();
            received = ByteBuffer.allocate(RECEIVED_BYTES).put(received).flip();
            sealed = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            isOpen = true;
        } catch (SSLException refused) {
            tellWhy();
            throw refused;
        } finally {
            opened.countDown();
        }
    }

    private void handshake() throws IOException {
        ByteBuffer none = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        for (HandshakeStatus next = engine.getHandshakeStatus();
                next != HandshakeStatus.NOT_HANDSHAKING && next != HandshakeStatus.FINISHED;
                next = engine.getHandshakeStatus()) {
            switch (next) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> wrapAndWrite();
                default -> {
                    SSLEngineResult result = engine.unwrap(received, none);
                    if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW && fill(true) < 0) {
                        throw new EOFException("the peer hung up in the middle of the TLS handshake");
                    } else if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                        throw new EOFException("the peer ended the TLS handshake");
                    }
                    assert none.position() == 0 : "data before the end of the handshake";
                }
            }
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private void wrapAndWrite() throws IOException {
        engine.wrap(NOTHING, sealed);
        sendSealed();
    }

    /** Sends the alert that tells the peer why it is refused. */
    private void tellWhy() {
        try {
            while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !engine.isOutboundDone()) {
                wrapAndWrite();
            }
        } catch (IOException gone) {
            // it knows already
        }
    }

    // ---- reading

    @Override
    public int read(ByteBuffer into, boolean mayWait) throws IOException {
        if (spare.hasRemaining()) {
            return takeSpare(into);
        }
        int start = into.position();
        while (true) {
            SSLEngineResult result = unwrap(into, start);
            if (into.position() > start && result.getStatus() != SSLEngineResult.Status.OK) {
                return into.position() - start;
            } else if (spare.hasRemaining()) {
                return takeSpare(into);
            }
            switch (result.getStatus()) {
                case OK -> {
                    if (result.bytesProduced() == 0) {
                        control(result);
                    }
                }
                case BUFFER_UNDERFLOW -> {
                    int count = fill(mayWait);
                    if (count <= 0) {
                        return count;
                    }
                }
                case CLOSED -> {
                    return -1;
                }
                default -> throw new SSLException("a TLS record that is too long");
            }
        }
    }

    /**
     * Decrypts a record into the reader's buffer, or into the spare one, if that has no room. The engine looks for room before
     * it looks whether the record is whole, so only its answer to the spare buffer tells whether to read on.
     */
    private SSLEngineResult unwrap(ByteBuffer into, int start) throws SSLException {
        SSLEngineResult result = engine.unwrap(received, into);
        if (result.getStatus() != SSLEngineResult.Status.BUFFER_OVERFLOW || into.position() > start) {
            return result;
        }
        spare = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        try {
            return engine.unwrap(received, spare);
        } finally {
            spare.flip();
        }
    }

    /** A record without data, such as one that changes the key. The engine keeps an answer for each. */
    private void control(SSLEngineResult result) throws IOException {
        if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            runTasks();
        } else if (result.bytesConsumed() == 0 || ++controlRecords > MAX_CONTROL_RECORDS) {
            throw new SSLException("too many TLS records without data");
        }
    }

    @Override
    public boolean hasInput() throws IOException {
        return spare.hasRemaining() || received.hasRemaining() || socket.hasInput();
    }

    private int takeSpare(ByteBuffer into) {
        int count = Math.min(spare.remaining(), into.remaining());
        into.put(spare.slice().limit(count));
        spare.position(spare.position() + count);
        if (!spare.hasRemaining()) {
            spare = NOTHING;
        }
        return count;
    }

    private int fill(boolean mayWait) throws IOException {
        received.compact();
        try {
            return socket.read(received, mayWait);
        } finally {
            received.flip();
        }
    }

    // ---- writing

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return write(new ByteBuffer[] {bytes});
    }

    /**
     * Writes one record, and returns how many plain bytes are in it. They count as taken once the system has the whole record,
     * as the peer can't use a part. If a later record went out in the same call and failed, the bytes of this one would count
     * as not sent, and would be sent again.
     */
    @Override
    public int write(ByteBuffer[] bytes) throws IOException {
        awaitOpen();
        int taken = 0;
        while (taken == 0 && remaining(bytes) > 0) {
            SSLEngineResult result = engine.wrap(bytes, sealed);
            taken = result.bytesConsumed();
            if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                runTasks();
            }
            switch (result.getStatus()) {
                case OK -> {}
                case BUFFER_OVERFLOW -> sendSealed();
                default -> throw new SSLException("the TLS connection is closed");
            }
        }
        sendSealed();
        return taken;
    }

    private static long remaining(ByteBuffer[] bytes) {
        long sum = 0;
        for (ByteBuffer part : bytes) {
            sum += part.remaining();
        }
        return sum;
    }

    private void sendSealed() throws IOException {
        sealed.flip();
        try {
            while (sealed.hasRemaining()) {
                socket.write(sealed);
            }
        } finally {
            sealed.clear();
        }
    }

    @Override
    public void shutdownOutput() throws IOException {
        awaitOpen();
        engine.closeOutbound();
        while (!engine.isOutboundDone()) {
            SSLEngineResult result = engine.wrap(NOTHING, sealed);
            sendSealed();
            if (result.bytesProduced() == 0) {
                break;
            }
        }
        socket.shutdownOutput();
    }

    private void awaitOpen() throws IOException {
        if (!isOpen) {
            Uninterruptibly.await(opened);
            if (!isOpen) {
                throw new AsynchronousCloseException();
            }
        }
    }

    // ---- for any thread

    @Override
    public void close() throws IOException {
        opened.countDown();
        socket.close();
    }

    @Override
    public long sentBytes() {
        return socket.sentBytes();
    }

    @Override
    public long receivedBytes() {
        return socket.receivedBytes();
    }

    @Override
    public SocketAddress peer() {
        return socket.peer();
    }

    @Override
    public @Nullable AddressPair ends() {
        return socket.ends();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (Certificate certificate : engine.getSession().getPeerCertificates()) {
                certificates.add((X509Certificate) certificate);
            }
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
        return List.copyOf(certificates);
    }
}
