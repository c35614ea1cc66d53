package net.voltlane.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The part of a firehose that depends on the version of the protocol: the meaning of its packets, and the queue of what is sent.
 *
 * <p>A firehose begins with {@link Version2}. If its first packet is a Hello, another version takes over.
 */
interface FirehoseVersion {

    /** Returns the number of the version: 2 or 3. */
    int number();

    /** Returns the name of the server's process as 32 hexadecimal digits; empty if the version has none. */
    String serverName();

    // ---- for the reader's thread

    /**
     * Handles one whole frame.
     *
     * @param buffer contains the frame; its position and limit have no meaning
     * @param frame the index of the frame's length prefix
     * @param length the length of the packet behind the prefix
     */
    void handle(ByteBuffer buffer, int frame, int length);

    /** Called before the reader waits for bytes, and after that. */
    void waits(boolean now);

    /** Called before the reader handles the packets of one read. */
    void beginBurst();

    /** Called when the reader has handled the packets of one read. */
    void endBurst();

    // ---- for the writer's thread

    /** Writes until nothing more will be written, or until another version takes over. */
    void write(FirehoseWriter writer) throws IOException, InterruptedException;

    // ---- for any thread

    /** Called once, when the link is lost: the writer ends, and senders stop waiting. */
    void breakOff();

    /** Accepts no more packets. Those that are queued will be written. */
    void finish();

    /** Tells whether a small packet could be sent without waiting. */
    boolean isWritable();

    /** Returns the number of bytes that count against the send buffer. */
    long queuedBytes();

    // ---- for the clock's thread

    /** Does what is due. Returns the reason why the link has to be cut, or null if it goes on. */
    @Nullable
    String check(long nowNanos);

    /** Notes that this process was stopped until now, so that a peer's bytes may not have been read yet. */
    void excuseSilence(long nowNanos);

    // ---- the end

    /** Called under the directory's lock when nothing is written any more. The firehose's sessions are away from now on. */
    void detach();

    /**
     * Returns how long the sessions of a lost firehose wait for another.
     *
     * @param usual as {@link BackendOptions#orphanTimeout()} says
     */
    long patienceNanos(long usual);

    /** Returns the reason for the end of a session that has waited for too long. Under the directory's lock. */
    EndReason lostReason(Session session);

    /** Tells whether the firehose is remembered after it was lost even if it has no session. */
    boolean outlivesSessions();

    /** Called under the directory's lock when no other firehose has replaced a lost one for too long. */
    void forget();
}
