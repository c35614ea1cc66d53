package net.voltlane.client;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A layer between the frames of a {@link Link} and its socket. Both ways it carries the stream of TCP: length-prefixed
 * frames. One thread reads, another writes; reading never waits for writing.
 *
 * <pre>
 *  {@link SocketWire}                           host:port
 *  {@link TlsWire} over it                      tls://
 *  {@link WebSocketWire} over it, or over TLS   ws://, wss://
 * </pre>
 */
interface Wire {

    /** Waits for bytes, as {@link java.io.InputStream#read(byte[], int, int)}. The end is one in good order. */
    int read(byte[] into, int offset, int length) throws IOException;

    /**
     * Waits until the kernel has taken bytes, and takes from {@code bytes} what is of use to the server by now: a record
     * or a frame of a layer is, only whole. So the count may be 0. The next call must bring the rest of the same bytes.
     *
     * @return how many bytes were taken from {@code bytes}
     */
    int write(ByteBuffer bytes) throws IOException;

    /** Ends the output; reading goes on. For the thread that writes. */
    void shutdownOutput() throws IOException;

    /** Tells whether this layer has something of its own to send, such as the answer to a ping. For any thread. */
    default boolean hasControl() {
        return false;
    }

    /** Sends what {@link #hasControl} tells of. For the thread that writes. */
    default void sendControl() throws IOException {
        // This layer sends nothing of its own.
    }

    /**
     * Sets what wakes the thread that writes, for {@link #sendControl}. Before that the thread that reads writes, too.
     */
    default void onControl(Runnable wake) {
        // This layer sends nothing of its own.
    }
}
