package net.voltlane.server.edge;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.util.function.LongSupplier;
import net.voltlane.server.address.AddressText;
import net.voltlane.server.guard.Admission;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.slf4j.Logger;

/**
 * Counters and rate-limited log lines for connections that get no session: <i>rejected</i> for what they sent, or
 * <i>refused</i> for a limit. Belongs to its loop.
 */
final class Refusals {
    private final Counters counters;
    private final RateLimitedLog rejections;
    private final RateLimitedLog refusals;
    /** A log of its own, so that a flood of refusals hides no ban. */
    private final RateLimitedLog bans;

    Refusals(Logger log, Counters counters, LongSupplier nanoClock) {
        this.counters = counters;
        rejections = new RateLimitedLog(log, LogEvent.CLIENTS_REJECTED, "Rejected", "client", "clients", nanoClock);
        refusals = new RateLimitedLog(log, LogEvent.CLIENTS_REFUSED, "Refused", "client", "clients", nanoClock);
        bans = new RateLimitedLog(log, LogEvent.ADDRESSES_BANNED, "Banned", "address", "addresses", nanoClock);
    }

    /** Counts and logs a connection that the caller closes for what it sent or failed to send. */
    void rejected(Metric why, InetAddress address) {
        counters.count(why);
        if (why != Metric.REJECTED_STOPPING) {
            rejections.warn(Causes.of(why), AddressText.lazy(address));
        }
    }

    /**
     * Closes a connection for the limit that stands against it. A reset is all that it gets, so that nothing of it is
     * kept or waited for.
     */
    void refuse(Channel channel, Admission admission) {
        Metric limit = admission.limit();
        counters.count(limit);
        if (limit != Metric.REFUSED_DRAINING) { // the server has told in one line that it refuses all new clients
            refusals.warn(Causes.of(limit), admission.from());
        }
        LingeringClose.reset(channel);
    }

    /** Logs that an address has been banned. */
    void banned(Admission admission) {
        bans.warn("too many wrong proofs, for limits.ban_secs", admission.from());
    }

    /** Counts a client that left during its handshake. */
    void abandoned() {
        counters.count(Metric.HANDSHAKES_ABANDONED);
    }

    /** @param connection what the caller closes because of the exception, such as {@code the link of client 7} */
    void thrown(String connection, Throwable cause) {
        rejections.thrown(connection, cause);
    }
}
