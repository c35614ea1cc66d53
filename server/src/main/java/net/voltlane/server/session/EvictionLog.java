package net.voltlane.server.session;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.address.Holders.Holder;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.log.LogEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log lines for operators about evicted sessions, at a bounded rate: the address that gave way, and the cause. Belongs to
 * the session loop.
 */
final class EvictionLog {
    private static final Logger log = LoggerFactory.getLogger(EvictionLog.class);

    private final RateLimitedLog evictions;

    EvictionLog(LongSupplier nanoClock) {
        evictions = new RateLimitedLog(
                log,
                LogEvent.SESSIONS_EVICTED,
                "Evicted",
                "absent client's session",
                "absent clients' sessions",
                nanoClock);
    }

    /** {@code clients.max_stale_clients} is reached, and this holder has most of them. */
    void full(Holder loser, Cidr cause) {
        evictions.warn("clients.max_stale_clients is reached", new Eviction(loser, lostAt(cause)));
    }

    /** The address has more than {@code limits.max_stale_clients_per_ip}. */
    void overLimit(Holder loser, Cidr cause) {
        evictions.warn("over limits.max_stale_clients_per_ip", new Eviction(loser, lostAt(cause)));
    }

    /** {@code clients.max_stale_clients} was lowered to less than there are, and this holder has most of them. */
    void lowered(Holder loser) {
        evictions.warn("clients.max_stale_clients is reached", new Eviction(loser, () -> "when that was lowered"));
    }

    private static Supplier<String> lostAt(Cidr cause) {
        return () -> "when a client at " + cause + " lost its connection";
    }

    /** The text of a line, put together only if the line is written. */
    private record Eviction(Holder loser, Supplier<String> cause) {
        @Override
        public String toString() {
            return "one of " + loser.held() + " at " + loser.network() + ", " + cause.get();
        }
    }
}
