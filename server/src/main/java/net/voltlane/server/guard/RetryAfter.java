package net.voltlane.server.guard;

import java.util.concurrent.TimeUnit;
import net.voltlane.server.metrics.Metric;

/** The time after which a connection that met a limit may be let in. */
final class RetryAfter {
    private RetryAfter() {}

    /**
     * Computes it in milliseconds, rounded up; 0: unknown. With the guard's lock.
     *
     * @param admission was refused, or has given way
     */
    static long millis(Admission admission, long nowNanos) {
        Metric limit = admission.limit;
        if (limit == Metric.REFUSED_CONNECT_RATE || limit == Metric.REFUSED_CONNECT_RATE_PER_IP) {
            return TimeUnit.SECONDS.toMillis(1); // what may come in a second is there again then
        }
        return limit == Metric.REFUSED_BANNED ? banMillis(admission, nowNanos) : 0;
    }

    /** A ban for wrong proofs; those of operators may be lifted at any time. */
    private static long banMillis(Admission admission, long nowNanos) {
        long leftNanos = 0;
        for (Source source : admission.sources) {
            leftNanos = Math.max(leftNanos, source.bannedForNanos(nowNanos));
        }
        return TimeUnit.NANOSECONDS.toMillis(leftNanos + TimeUnit.MILLISECONDS.toNanos(1) - 1);
    }
}
