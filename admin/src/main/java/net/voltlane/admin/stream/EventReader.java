package net.voltlane.admin.stream;

/** A connection that reads the stream. Called on the thread that owns the streams, and never blocks. */
public interface EventReader {
    /** Bytes that were given to it and that its socket has not taken. */
    long waitingBytes();

    /**
     * Sends bytes.
     *
     * @param bytes shared by all readers; not to be changed
     */
    void send(byte[] bytes);

    /** Closes the connection. */
    void close();
}
