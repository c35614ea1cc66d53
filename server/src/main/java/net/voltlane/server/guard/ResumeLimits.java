package net.voltlane.server.guard;

/**
 * The limit on wrong proofs, and the ban of an address that exceeds it.
 *
 * @param failuresPerMinPerIp wrong proofs in a minute from one IPv4 address or one IPv6 /64; 0 is no limit
 * @param banSecs seconds for which an address above the limit may not connect; 0: no address is banned
 */
public record ResumeLimits(long failuresPerMinPerIp, long banSecs) {
    public static final ResumeLimits OFF = new ResumeLimits(0, 0);

    boolean isOff() {
        return failuresPerMinPerIp == 0 || banSecs == 0;
    }
}
