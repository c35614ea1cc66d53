package net.voltlane.server.edge;

import java.util.function.LongSupplier;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.slf4j.Logger;

/** Counters and rate-limited log lines for the faults of clients that have a session. Belongs to its loop. */
final class LinkFaults {
    private final Counters counters;
    private final RateLimitedLog disconnections;
    private final RateLimitedLog ends;

    LinkFaults(Logger log, Counters counters, LongSupplier nanoClock) {
        this.counters = counters;
        disconnections =
                new RateLimitedLog(log, LogEvent.CLIENTS_DISCONNECTED, "Disconnected", "client", "clients", nanoClock);
        ends = new RateLimitedLog(log, LogEvent.SESSIONS_FAILED, "Ended", "session", "sessions", nanoClock);
    }

    void count(Metric metric) {
        counters.count(metric);
    }

    /** Logs that a link is closed while its session stays. */
    void disconnected(String why, Cidr from) {
        disconnections.warn(why, from);
    }

    /** Logs that a session is ended. */
    void ended(String why, Cidr from) {
        ends.warn(why, from);
    }

    /** @param link what the caller closes because of the exception, such as {@code the link of client 7} */
    void thrown(String link, Throwable cause) {
        ends.thrown(link, cause);
    }
}
