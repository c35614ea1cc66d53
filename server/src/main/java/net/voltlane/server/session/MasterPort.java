package net.voltlane.server.session;

import net.voltlane.protocol.Reason;

/** What a session asks of the master's side. Called on the session loop; only enqueues, in the order of the calls. */
public interface MasterPort {
    /** Says that the session has ended, or that there is none of that id. Never held back. */
    void failure(long id, Reason reason);

    /** Says that a session has been resumed of which a packet was queued before. Never held back. */
    void reconnection(long id);

    /**
     * Where in the stream to the master the next packet begins: the bytes of all packets that were ever queued for it.
     */
    long position();

    /** True while the queue to the master is at its bound. */
    boolean isAtBound();

    /** Stops reading the firehose until {@link #unblock}: a client's policy is to wait for it. Calls do not nest. */
    void block();

    void unblock();
}
