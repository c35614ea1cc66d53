package net.voltlane.server.guard;

import java.util.concurrent.TimeUnit;
import net.voltlane.server.address.Cidr;

/** What is known of one address or subnet that connections came from. Guarded by the {@link Guard}'s lock. */
final class Source {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    final Cidr network;
    int links;
    int handshakes;
    /** Links whose session has another one by now, and that are not closed yet. */
    int replaced;

    final TokenBucket connects;
    final TokenBucket failures;
    private long bannedUntilNanos;

    Source(Cidr network, long nowNanos) {
        this.network = network;
        connects = new TokenBucket(SECOND_NANOS, nowNanos);
        failures = new TokenBucket(MINUTE_NANOS, nowNanos);
        bannedUntilNanos = nowNanos;
    }

    void ban(long nowNanos, long forNanos) {
        bannedUntilNanos = nowNanos + forNanos;
    }

    boolean isBanned(long nowNanos) {
        return bannedUntilNanos - nowNanos > 0;
    }

    /** Nothing would be lost if it were forgotten. */
    boolean isIdle(long nowNanos) {
        return links == 0
                && handshakes == 0
                && replaced == 0
                && connects.isFull(nowNanos)
                && failures.isFull(nowNanos)
                && !isBanned(nowNanos);
    }
}
