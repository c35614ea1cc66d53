package net.voltlane.server.guard;

/**
 * How many connections there may be, and how fast they may come. 0 everywhere: no limit. Connections count from their
 * second packet, or their proof, to their end; sessions without a link don't. What one address may have is meant for an
 * IPv4 address or an IPv6 /64; an IPv6 /56 may have four times as much, and a /48 sixteen times as much.
 *
 * @param total links at a time; those who come back to a session are let in over it
 * @param perIp links at a time from one address, and as many handshakes besides
 * @param perSubnet links at a time from one IPv4 /24, or one IPv6 address as above, and as many handshakes besides
 * @param perSec connections accepted in a second, and at once
 * @param perSecPerIp the same, from one address
 * @param handshakes connections at a time whose handshake is not done; a quarter of them is kept for those who come
 *     back. At it the oldest of the address that has most of them gives way
 * @param handshakesPerIp the same, from one address; at it the oldest of that address gives way
 */
public record ConnectionLimits(
        long total, long perIp, long perSubnet, long perSec, long perSecPerIp, long handshakes, long handshakesPerIp) {
    public static final ConnectionLimits OFF = new ConnectionLimits(0, 0, 0, 0, 0, 0, 0);

    /** This, with another number of links at a time. */
    public ConnectionLimits withTotal(long total) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes, handshakesPerIp);
    }

    /** This, with another number of links of one address at a time. */
    public ConnectionLimits withPerIp(long perIp) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes, handshakesPerIp);
    }

    /** This, with another number of links of one subnet at a time. */
    public ConnectionLimits withPerSubnet(long perSubnet) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes, handshakesPerIp);
    }

    /** This, with another number of connections in a second. */
    public ConnectionLimits withPerSec(long perSec) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes, handshakesPerIp);
    }

    /** This, with another number of connections of one address in a second. */
    public ConnectionLimits withPerSecPerIp(long perSecPerIp) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes, handshakesPerIp);
    }

    /** This, with another number of handshakes at a time. */
    public ConnectionLimits withHandshakes(long handshakes) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes, handshakesPerIp);
    }

    /** This, with another number of handshakes of one address at a time. */
    public ConnectionLimits withHandshakesPerIp(long handshakesPerIp) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes, handshakesPerIp);
    }
}
