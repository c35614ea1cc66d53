package net.voltlane.server.guard;

import java.util.concurrent.TimeUnit;
import net.voltlane.server.address.Cidr;

/** What is known of one address or network that connections came from. Guarded by the {@link Guard}'s lock. */
final class Source {
    /** Which limits look at it. */
    enum Kind {
        /** Those on addresses. */
        ADDRESS,
        /** Those on subnets. */
        SUBNET,
        BOTH
    }

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /**
     * So many replaced links of an address may wait for their end and count nowhere: a phone that changes networks
     * leaves one behind. More take the place of the address's handshakes.
     */
    private static final int FREE_REPLACED = 8;

    final Cidr network;
    final Kind kind;
    /** How many times what one address may have this network may have. */
    private final long factor;

    int links;
    int handshakes;
    /** Links whose session has another one by now, and that are not closed yet. */
    int replaced;

    private final TokenBucket connects;
    private final TokenBucket failures;
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

    /** It has as many links as an address may have. */
    boolean isFullAsAddress(ConnectionLimits bounds) {
        return isOfAddress() && isOver(bounds.perIp(), links);
    }

    /** It has as many links as a subnet may have. */
    boolean isFullAsSubnet(ConnectionLimits bounds) {
        return kind != Kind.ADDRESS && isOver(bounds.perSubnet(), links);
    }

    /** It has as many handshakes as an address may have links. */
    boolean isBusyAsAddress(ConnectionLimits bounds) {
        return isOfAddress() && isOver(bounds.perIp(), handshakes + Math.max(0, replaced - FREE_REPLACED * factor));
    }

    /** It has as many handshakes as a subnet may have links. */
    boolean isBusyAsSubnet(ConnectionLimits bounds) {
        return kind != Kind.ADDRESS && isOver(bounds.perSubnet(), handshakes);
    }

    private boolean isOver(long limit, long now) {
        return limit > 0 && now >= limit * factor;
    }

    /**
     * One more connection comes; false where too many have come in the last second.
     *
     * @param sinceNanos it may have waited for us since then
     */
    boolean mayConnect(ConnectionLimits bounds, long sinceNanos, long nowNanos) {
        return !isOfAddress()
                || bounds.perSecPerIp() == 0
                || connects.take(sinceNanos, nowNanos, bounds.perSecPerIp() * factor);
    }

    /** One more proof was wrong; true where that bans it from now on. */
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
