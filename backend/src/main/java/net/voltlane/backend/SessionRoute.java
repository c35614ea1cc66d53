package net.voltlane.backend;

import java.nio.ByteBuffer;

/**
 * The way from a session to its server: it queues what the application sends, or keeps it while the server is away.
 * Thread-safe.
 */
interface SessionRoute {

    /** Sends a part of an array, see {@link Session#send(byte[], int, int)} and {@link Session#trySend(byte[])}. */
    boolean send(Session session, byte[] data, int offset, int length, boolean mayWait);

    /** Sends the remaining bytes of a buffer, whose position does not change. */
    boolean send(Session session, ByteBuffer data, boolean mayWait);

    /**
     * Ends a session, see {@link Session#kick(String)}.
     *
     * @param text for the client, may be empty; a protocol without such a text leaves it out
     */
    boolean kick(Session session, String text);

    /** Drops what is kept for a session that has ended. Called under the directory's lock. */
    void drop(Session session);

    /** Tells whether the calling thread holds the directory's lock, for assertions. */
    boolean isHeld();
}
