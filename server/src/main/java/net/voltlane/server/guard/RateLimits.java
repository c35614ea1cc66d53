package net.voltlane.server.guard;

/**
 * What one link may send. 0: no limit.
 *
 * @param packetsPerSec packets in a second, and at once
 * @param bytesPerSec bytes in a second, and at once, headers included
 * @param policy what happens to a link over either of them
 * @param idleTimeoutSecs a link that sent nothing for so many seconds is closed, and its session stale
 */
public record RateLimits(long packetsPerSec, long bytesPerSec, RatePolicy policy, long idleTimeoutSecs) {
    public static final RateLimits OFF = new RateLimits(0, 0, RatePolicy.PAUSE, 0);

    /** True where there is nothing to watch. */
    public boolean isOff() {
        return packetsPerSec == 0 && bytesPerSec == 0 && idleTimeoutSecs == 0;
    }
}
