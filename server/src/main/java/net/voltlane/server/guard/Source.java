package net.voltlane.server.guard;

import java.util.concurrent.TimeUnit;
import net.voltlane.server.address.Cidr;

/**
 * An address or a network that connections came from, with its counts, rates and ban. Guarded by the {@link Guard}'s
 * lock.
 */
final class Source {
    /** The limits that apply to a source. */
    enum Kind {
        /** The limits on one address. */
        ADDRESS,
        /** The limits on one subnet. */
        SUBNET,
        /** Both: in IPv6 a network is an address and a subnet at once. */
        BOTH
    }

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /**
     * The number of replaced links of an address that count for nothing while they wait for their end: a phone that
     * changes networks leaves one behind. Each further one counts as a handshake of the address.
     */
    private static final int FREE_REPLACED = 8;

    final Cidr network;
    final Kind kind;
    /** The limits of this network are those of one address, times this. */
    private final long factor;

    int links;
    int handshakes;
    /** Links that are not closed yet, and whose sessions have other links. */
    int replaced;

    private final TokenBucket connects;
    private TokenBucket failures;
    private long bannedUntilNanos;

    Source(Cidr network, Kind kind, long factor, long nowNanos) {
        this.network = network;
        this.kind = kind;
        this.factor = factor;
        connects = new TokenBucket(SECOND_NANOS, nowNanos);
        failures = new TokenBucket(MINUTE_NANOS, nowNanos);
        bannedUntilNanos = nowNanos;
    }

    private boolean isOfAddress() {
        return kind != Kind.SUBNET;
    }

    /** True at the limit on links of an address. */
    boolean isFullAsAddress(ConnectionLimits bounds) {
        return isOfAddress() && isOver(bounds.perIp(), links);
    }

    /** True at the limit on links of a subnet. */
    boolean isFullAsSubnet(ConnectionLimits bounds) {
        return kind != Kind.ADDRESS && isOver(bounds.perSubnet(), links);
    }

    /** True while handshakes use up the number of links that an address may have. */
    boolean isBusyAsAddress(ConnectionLimits bounds) {
        return isOfAddress() && isOver(bounds.perIp(), handshakes + Math.max(0, replaced - FREE_REPLACED * factor));
    }

    /** True while handshakes use up the number of links that a subnet may have. */
    boolean isBusyAsSubnet(ConnectionLimits bounds) {
        return kind != Kind.ADDRESS && isOver(bounds.perSubnet(), handshakes);
    }

    private boolean isOver(long limit, long now) {
        return limit > 0 && now >= limit * factor;
    }

    /**
     * Counts one more connection. Returns false, and counts nothing, if too many have arrived within a second.
     *
     * @param sinceNanos the earliest time at which the connection may have begun to wait for the server
     */
    boolean mayConnect(ConnectionLimits bounds, long sinceNanos, long nowNanos) {
        return !isOfAddress()
                || bounds.perSecPerIp() == 0
                || connects.take(sinceNanos, nowNanos, bounds.perSecPerIp() * factor);
    }

    /** Counts one more wrong proof. Returns true if the source is banned from now on. */
    boolean failed(ResumeLimits bounds, long sinceNanos, long nowNanos) {
        if (!isOfAddress()
                || bounds.isOff()
                || isBanned(nowNanos)
                || failures.take(sinceNanos, nowNanos, bounds.failuresPerMinPerIp() * factor)) {
            return false;
        }
        bannedUntilNanos = nowNanos + TimeUnit.SECONDS.toNanos(bounds.banSecs());
        return true;
    }

    boolean isBanned(long nowNanos) {
        return bannedUntilNanos - nowNanos > 0;
    }

    /** The rest of its ban; 0 or less: it is not banned. */
    long bannedForNanos(long nowNanos) {
        return bannedUntilNanos - nowNanos;
    }

    /** Lifts its ban. Wrong proofs before that no longer count. */
    void pardon(long nowNanos) {
        bannedUntilNanos = nowNanos;
        failures = new TokenBucket(MINUTE_NANOS, nowNanos);
    }

    /** True if nothing is lost by forgetting the source. */
    boolean isIdle(long nowNanos) {
        return links == 0
                && handshakes == 0
                && replaced == 0
                && connects.isFull(nowNanos)
                && failures.isFull(nowNanos)
                && !isBanned(nowNanos);
    }
}
