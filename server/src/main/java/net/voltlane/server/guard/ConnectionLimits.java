package net.voltlane.server.guard;

/**
 * The limits on the number of connections and on the rate at which they arrive; 0 is no limit. A connection counts as a
 * link from its second packet, or from its proof, to its end. Sessions without a link don't count. Limits for one address
 * apply to an IPv4 address or an IPv6 /64; they are four times as high for an IPv6 /56, and sixteen times for a /48.
 *
 * @param total links at a time. Clients that return to a session are let in beyond it
 * @param perIp links at a time from one address, and as many handshakes
 * @param perSubnet links at a time from one IPv4 /24, or from one IPv6 address as above, and as many handshakes
 * @param perSec connections accepted in a second, and the size of a burst
 * @param perSecPerIp connections accepted in a second from one address, and the size of a burst
 * @param handshakes handshakes under way at a time. A quarter of them is reserved for returning clients. At the limit
 *     the oldest handshake of the address that has most of them gives way
 * @param handshakesPerIp handshakes under way at a time from one address. At the limit the oldest of them gives way
 */
public record ConnectionLimits(
        long total, long perIp, long perSubnet, long perSec, long perSecPerIp, long handshakes, long handshakesPerIp) {
    public static final ConnectionLimits OFF = new ConnectionLimits(0, 0, 0, 0, 0, 0, 0);

    /** Returns these limits with another number of links at a time. */
    public ConnectionLimits withTotal(long total) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes, handshakesPerIp);
    }

    /** Returns these limits with another number of links of one address at a time. */
    public ConnectionLimits withPerIp(long perIp) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes, handshakesPerIp);
    }

    /** Returns these limits with another number of links of one subnet at a time. */
    public ConnectionLimits withPerSubnet(long perSubnet) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes, handshakesPerIp);
    }

    /** Returns these limits with another number of connections in a second. */
    public ConnectionLimits withPerSec(long perSec) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes, handshakesPerIp);
    }

    /** Returns these limits with another number of connections of one address in a second. */
    public ConnectionLimits withPerSecPerIp(long perSecPerIp) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes, handshakesPerIp);
    }

    /** Returns these limits with another number of handshakes at a time. */
    public ConnectionLimits withHandshakes(long handshakes) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes, handshakesPerIp);
    }

    /** Returns these limits with another number of handshakes of one address at a time. */
    public ConnectionLimits withHandshakesPerIp(long handshakesPerIp) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes, handshakesPerIp);
    }
}
