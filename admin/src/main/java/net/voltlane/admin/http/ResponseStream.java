package net.voltlane.admin.http;

/** The open body of a streamed answer. Thread-safe. */
public interface ResponseStream {
    /**
     * Sends more of the body. A peer that has not taken what was sent before within the bound is disconnected.
     *
     * @return false if the stream is closed, or closes now
     */
    boolean send(byte[] part);

    /** Has {@code listener} called once, on the HTTP server's thread, when the stream has closed. */
    void onClose(Runnable listener);

    /** Ends the body. */
    void close();
}
