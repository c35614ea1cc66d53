package net.voltlane.client;

import java.io.IOException;
import net.voltlane.client.Connector.Connected;
import org.jspecify.annotations.Nullable;

/**
 * The part of a running client that depends on the version of the protocol. One object for each session. For the
 * supervisor's thread, unless a method says otherwise.
 */
interface SessionProtocol {

    /** Returns the version; for any thread. */
    Protocol version();

    /** Returns the store for packets that are to be sent. */
    SendStore store();

    /** Returns the counter of received packets; null if the version has none. */
    @Nullable
    TakenOver takenOver();

    /** Takes a new link, before the send queue gets it. */
    void attach(Connected fresh);

    /** Returns the counts for an attempt to resume. Packets that were not taken over by now come again. */
    ResumeCounts counts(SessionState state);

    /**
     * Waits for the next packet.
     *
     * @return the payload, a fresh array; null if the link has ended in good order
     */
    byte @Nullable [] next(Link from) throws IOException;

    /** Called when a handler has returned from a packet. */
    void handled(byte[] packet);

    /**
     * Judges the end of a link.
     *
     * @param cause null if the server has closed the link in good order
     * @throws ClientException if the session can't be resumed, or must not be
     */
    void linkEnded(@Nullable IOException cause, long livedNanos) throws ClientException;

    /** Returns the wait before the first attempt to resume, which was agreed on with the server; below 0 if none was. */
    long agreedWaitNanos();

    /**
     * Returns once the address that the server has named when it asked the client to leave: empty if it named none, null
     * if it has not asked.
     */
    default @Nullable String takeElsewhere() {
        return null;
    }

    /** Returns the time for which the server keeps the session; for any failed attempt after it, it is gone. */
    long waitingTimeNanos();

    /** Tells whether the last link was closed for a reason that is not known; see {@link RetryPolicy}. */
    boolean hasUnknownCode();

    /** Looks whether the link is lost, while the writer may be stuck in a write; for any thread. */
    default void watch() {}

    /** Tells whether the session has ended with a client that ended while it had no link. */
    boolean isGone(ClientException end);

    /** Ends the output without waiting for more acknowledgements; for any thread. */
    void endNow();

    /**
     * Returns the state as it is at this moment; for any thread.
     *
     * @param withPackets whether it includes packets that are not acknowledged
     */
    SessionState export(SessionState state, boolean withPackets);

    /** Drops the packets that the program has not taken, if they come again to a client that resumes; for any thread. */
    default void forgetUntaken() {}

    /** Returns the number of packets that are kept until they are acknowledged; for any thread. */
    int unacknowledged();

    /** Returns the longest payload that the server takes; for any thread. */
    long maxPayloadBytes();
}
