package net.voltlane.server.uplink;

/**
 * The merit of a link to the master, by which the dialer is told of its end: the age that it reached, whether the master
 * did its work, and whether the master is at fault. Belongs to the session loop.
 */
final class LinkMerit {
    private long beganNanos;
    private boolean isProven;
    private boolean isAtFault;

    void begins(long nowNanos) {
        beganNanos = nowNanos;
        isProven = false;
        isAtFault = false;
    }

    /** The master has acknowledged packets of this link, which counts as stable then, however soon it is lost. */
    void isProven() {
        isProven = true;
    }

    /** The link ends for what the master has sent. */
    void isAtFault() {
        isAtFault = true;
    }

    /** Dials again after the end of the link, which had lived. */
    void end(Dialer dialer, long nowNanos, String why) {
        long lived = nowNanos - beganNanos;
        boolean isShort = lived < Backoff.STABLE_NANOS;
        dialer.again(isShort && isProven ? Backoff.STABLE_NANOS : lived, isShort && isAtFault, why);
    }
}
