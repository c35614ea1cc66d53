package net.voltlane.server.simulation;

import java.time.Duration;
import net.voltlane.server.guard.RateLimits;

/**
 * The rate at which a client sends, by the times at which its bytes reached the server's socket. The client answers for
 * that rate and for nothing else. It has some slack, as the server reads a moment later.
 */
final class ArrivalPace {
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();
    /** Of a second's worth, which may come at once. */
    private static final long SLACK_NANOS = SECOND_NANOS / 2;

    private final RateLimits rates;
    private long packetsPaidAtNanos;
    private long bytesPaidAtNanos;
    private boolean over;

    ArrivalPace(RateLimits rates, long nowNanos) {
        this.rates = rates;
        packetsPaidAtNanos = nowNanos;
        bytesPaidAtNanos = nowNanos;
    }

    void arrived(long nowNanos, long packets, long bytes) {
        if (rates.packetsPerSec() > 0) {
            packetsPaidAtNanos = paidAt(packetsPaidAtNanos, nowNanos, packets, rates.packetsPerSec());
        }
        if (rates.bytesPerSec() > 0) {
            bytesPaidAtNanos = paidAt(bytesPaidAtNanos, nowNanos, bytes, rates.bytesPerSec());
        }
        over |= packetsPaidAtNanos - nowNanos > SECOND_NANOS - SLACK_NANOS
                || bytesPaidAtNanos - nowNanos > SECOND_NANOS - SLACK_NANOS;
    }

    private static long paidAt(long before, long now, long tokens, long perSec) {
        return (before - now > 0 ? before : now) + tokens * SECOND_NANOS / perSec;
    }

    /** It has sent more than it may, at some time. */
    boolean wasOver() {
        return over;
    }
}
