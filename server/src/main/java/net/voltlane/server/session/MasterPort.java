package net.voltlane.server.session;

import net.voltlane.protocol.Reason;

/**
 * The master's side as sessions see it: it takes the events of a session's life, and hides the version of the firehose.
 * A version leaves out the events for which it has no packet. Called on the session loop; every event is only queued, in
 * the order of the calls, and is never held back. Data of clients does not pass here, but on the loop queues.
 *
 * <pre>
 *   opened ──► live ──suspended──► suspended ──resumed──► live
 *              live ──resumed──► live           (another link has taken over)
 *              live, suspended ──ended──► (over)
 * </pre>
 *
 * <p>{@link #firstPacket} comes once, while the session is live, or never.
 */
public interface MasterPort {
    /** The session of an event. */
    interface Subject {
        long id();

        /**
         * True once a packet of its client was queued for the master. Version 2 begins a session with that packet: the
         * master knows of no session before.
         */
        boolean isKnownToMaster();
    }

    void opened(Subject session);

    /**
     * The first packet of the session's client is queued next.
     *
     * @return where in the stream to the master that packet begins: the bytes of all packets that were ever queued
     */
    long firstPacket(Subject session);

    /** The session has lost its link, and waits for another. */
    void suspended(Subject session);

    /** The session is live on another link. */
    void resumed(Subject session);

    void ended(Subject session, Reason reason);

    /**
     * The master has sent something for an id that has no session.
     *
     * @return true if the master is told; false if that is left out, as the queue is at its bound
     */
    boolean notFound(long id);

    /** Stops reading the firehose until {@link #unblock}: a client's policy is to wait for it. Calls do not nest. */
    void block();

    /** Ends what {@link #block} began. */
    void unblock();
}
