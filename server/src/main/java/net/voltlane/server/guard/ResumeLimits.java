package net.voltlane.server.guard;

/**
 * What comes of wrong proofs.
 *
 * @param failuresPerMinPerIp how many one IPv4 address or one IPv6 /64 may send in a minute; 0: any number
 * @param banSecs for how many seconds it may not connect when it has sent more; 0: nobody is banned
 */
public record ResumeLimits(long failuresPerMinPerIp, long banSecs) {
    public static final ResumeLimits OFF = new ResumeLimits(0, 0);

    boolean isOff() {
        return failuresPerMinPerIp == 0 || banSecs == 0;
    }
}
