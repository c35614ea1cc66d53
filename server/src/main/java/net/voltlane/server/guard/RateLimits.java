package net.voltlane.server.guard;

/**
 * The limits on what one link may send; 0 is no limit.
 *
 * @param packetsPerSec packets in a second, and the size of a burst
 * @param bytesPerSec bytes in a second with frame headers, and the size of a burst
 * @param policy the treatment of a link over either of the two
 * @param idleTimeoutSecs seconds after which a link that has sent nothing is closed, and its session stale
 */
public record RateLimits(long packetsPerSec, long bytesPerSec, RatePolicy policy, long idleTimeoutSecs) {
    public static final RateLimits OFF = new RateLimits(0, 0, RatePolicy.PAUSE, 0);

    /** True if there is no limit. */
    public boolean isOff() {
        return packetsPerSec == 0 && bytesPerSec == 0 && idleTimeoutSecs == 0;
    }
}
