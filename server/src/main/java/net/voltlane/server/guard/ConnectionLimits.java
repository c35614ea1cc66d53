package net.voltlane.server.guard;

/**
 * How many connections there may be, and how fast they may come. 0 everywhere: no limit. Connections count from their
 * second packet, or their proof, to their end; sessions without a link don't.
 *
 * @param total links at a time; those who come back to a session are let in over it
 * @param perIp links at a time from one IPv4 address or one IPv6 /64, and as many handshakes besides
 * @param perSubnet links at a time from one IPv4 /24 or one IPv6 /64, and as many handshakes besides
 * @param perSec connections accepted in a second, and at once
 * @param perSecPerIp the same, from one IPv4 address or one IPv6 /64
 * @param handshakes connections at a time whose handshake is not done; a quarter of them is kept for those who come
 *     back
 */
public record ConnectionLimits(long total, long perIp, long perSubnet, long perSec, long perSecPerIp, long handshakes) {
    public static final ConnectionLimits OFF = new ConnectionLimits(0, 0, 0, 0, 0, 0);

    /** This, with another number of links at a time. */
    public ConnectionLimits withTotal(long total) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes);
    }

    /** This, with another number of links of one address at a time. */
    public ConnectionLimits withPerIp(long perIp) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes);
    }

    /** This, with another number of links of one subnet at a time. */
    public ConnectionLimits withPerSubnet(long perSubnet) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes);
    }

    /** This, with another number of connections in a second. */
    public ConnectionLimits withPerSec(long perSec) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes);
    }

    /** This, with another number of connections of one address in a second. */
    public ConnectionLimits withPerSecPerIp(long perSecPerIp) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes);
    }

    /** This, with another number of handshakes at a time. */
    public ConnectionLimits withHandshakes(long handshakes) {
        return new ConnectionLimits(total, perIp, perSubnet, perSec, perSecPerIp, handshakes);
    }
}
