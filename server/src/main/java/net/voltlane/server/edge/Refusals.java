package net.voltlane.server.edge;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.util.function.LongSupplier;
import net.voltlane.protocol.CloseCode;
import net.voltlane.server.address.AddressText;
import net.voltlane.server.guard.Admission;
import net.voltlane.server.link.LingeringClose;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.Refusal;
import org.slf4j.Logger;

/**
 * Counters and rate-limited log lines for connections that get no session: <i>rejected</i> for what they sent, or
 * <i>refused</i> for a limit. Belongs to its loop.
 */
final class Refusals {
    /** An outage of the store that is longer ends for each client when it comes again. */
    private static final long STORE_AWAY_MILLIS = 1_000;

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

    /** The code that version 3 has for a link that gets no session. */
    static CloseCode closeCode(Refusal why) {
        return switch (why) {
            case STOPPING -> CloseCode.STOPPING;
            case DRAINING, STORE_AWAY -> CloseCode.BUSY;
            case UNKNOWN -> CloseCode.NO_SESSION;
            case TAKEN_OVER -> CloseCode.TAKEN_OVER;
            case GAP -> CloseCode.GAP;
        };
    }

    /** The time after which version 3 tells a client that gets no session to come again, in milliseconds; 0: none. */
    static long retryAfterMillis(Refusal why) {
        return why == Refusal.STORE_AWAY ? STORE_AWAY_MILLIS : 0;
    }

    /** The code that version 3 has for a rejection. */
    static CloseCode closeCode(Metric why) {
        return switch (why) {
            case REJECTED_TIMEOUT -> CloseCode.SILENT;
            case REJECTED_VERSION -> CloseCode.VERSION;
            case REJECTED_FRAME_TOO_LARGE -> CloseCode.FRAME_TOO_LARGE;
            case REJECTED_NO_SESSION, REJECTED_PROOF -> CloseCode.NO_SESSION;
            case REJECTED_MEMORY -> CloseCode.BUSY;
            case REJECTED_STOPPING -> CloseCode.STOPPING;
            default -> CloseCode.VIOLATION;
        };
    }

    /**
     * Closes a connection for the limit that stands against it.
     *
     * @param isTold true if a last frame was written for the client
     */
    void refuse(Channel channel, Admission admission, boolean isTold) {
        Metric limit = admission.limit();
        counters.count(limit);
        if (limit != Metric.REFUSED_DRAINING) { // the server has told in one line that it refuses all new clients
            refusals.warn(Causes.of(limit), admission.from());
        }
        end(channel, isTold);
    }

    /** Closes a connection that came for a session that only the store could know, which does not answer. */
    void storeIsAway(Channel channel, Admission admission, boolean isTold) {
        counters.count(Metric.REFUSED_STORE_AWAY);
        refusals.warn(Causes.of(Metric.REFUSED_STORE_AWAY), admission.from());
        end(channel, isTold);
    }

    /**
     * Ends a connection at once, so that nothing of it is kept or waited for: by a reset, or, if a last frame was written
     * for the client and the socket takes it, by a close that leaves the frame to the kernel.
     */
    void end(Channel channel, boolean isTold) {
        if (isTold && channel.writeAndFlush(Unpooled.EMPTY_BUFFER).isSuccess()) {
            channel.close();
        } else {
            LingeringClose.reset(channel);
        }
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
