package net.voltlane.server.session;

import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;

/**
 * Holds the firehose back while the client of any session is slow, where that is the policy. Belongs to the session
 * loop.
 */
final class FirehoseHold {
    private final MasterPort master;
    private final Counters counters;
    private int blocking;

    FirehoseHold(MasterPort master, Counters counters) {
        this.master = master;
        this.counters = counters;
    }

    /** The session's client is over its bounds. */
    void block(Session session) {
        assert session.isLive();
        if (!session.blocking) {
            session.blocking = true;
            if (blocking++ == 0) {
                counters.count(Metric.FIREHOSE_BLOCKED);
                master.block();
            }
        }
    }

    /** The session's client has caught up, or is not waited for any longer. */
    void unblock(Session session) {
        if (session.blocking) {
            session.blocking = false;
            if (--blocking == 0) {
                master.unblock();
            }
        }
        assert blocking >= 0;
    }
}
