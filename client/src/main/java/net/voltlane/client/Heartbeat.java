package net.voltlane.client;

import java.util.concurrent.TimeUnit;

/**
 * The signs of life on one link of version 3: when a Ping is due, and when the server has been silent for too long.
 *
 * <pre>
 *  nothing sent for a heartbeat .................. Ping
 *  no byte came for a heartbeat .................. Ping
 *  no byte came for two, although a Ping went out  the link is lost
 * </pre>
 *
 * Silence counts only while the client is ready to read, and a late look counts for little more than a look in time. So
 * a client that was suspended, or that waits for its program, does not blame the server. Guarded by the lock of the
 * {@link SendQueue}.
 */
final class Heartbeat {

    /** The bytes that have come on the link; for any thread. */
    interface Arrivals {
        long receivedBytes();

        /** Tells whether a thread waits for bytes. */
        boolean isReading();
    }

    private static final int LOOKS_PER_HEARTBEAT = 4;
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final long heartbeatNanos;
    private final long lookNanos;
    private final Arrivals arrivals;

    private long sentNanos;
    private long lookedNanos;
    private long heardBytes;
    private long silentNanos;
    /** True if a Ping went out since the last byte came. */
    private boolean pinged;

    /** @param heartbeatNanos at least 1 s; 0 for none */
    Heartbeat(long heartbeatNanos, Arrivals arrivals, long nowNanos) {
        this.heartbeatNanos = heartbeatNanos;
        this.lookNanos = heartbeatNanos / LOOKS_PER_HEARTBEAT;
        this.arrivals = arrivals;
        sentNanos = nowNanos;
        lookedNanos = nowNanos;
        heardBytes = arrivals.receivedBytes();
    }

    /** Called when something is sent. */
    void sent(long nowNanos) {
        sentNanos = nowNanos;
    }

    /** Called when a Ping is sent. */
    void pinged() {
        pinged = true;
    }

    /** Counts the silence since the last look, if it is time for a look. */
    void look(long nowNanos) {
        long passedNanos = nowNanos - lookedNanos;
        if (heartbeatNanos == 0 || passedNanos < lookNanos) {
            return;
        }
        lookedNanos = nowNanos;
        long heard = arrivals.receivedBytes();
        if (heard != heardBytes || !arrivals.isReading()) {
            heardBytes = heard;
            silentNanos = 0;
            pinged = false;
        } else {
            silentNanos += Math.min(passedNanos, lookNanos + LATE_NANOS);
        }
    }

    boolean isPingDue(long nowNanos) {
        return heartbeatNanos > 0
                && (nowNanos - sentNanos >= heartbeatNanos || silentNanos >= heartbeatNanos && !pinged);
    }

    /**
     * Tells whether the link is lost.
     *
     * @param stuck whether the socket takes nothing, so that a Ping can't go out
     */
    boolean isLost(boolean stuck) {
        return heartbeatNanos > 0 && silentNanos >= 2 * heartbeatNanos && (pinged || stuck);
    }

    /** Returns the time until the next look or Ping; {@link SendStore#NEVER} without a heartbeat. */
    long untilDueNanos(long nowNanos) {
        if (heartbeatNanos == 0) {
            return SendStore.NEVER;
        }
        return Math.min(sentNanos + heartbeatNanos - nowNanos, lookedNanos + lookNanos - nowNanos);
    }

    /** Returns the time that counts as silence that ends the link, for people. */
    String limit() {
        return 2 * TimeUnit.NANOSECONDS.toSeconds(heartbeatNanos) + " s";
    }
}
