package net.voltlane.server.edge;

import java.util.concurrent.TimeUnit;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/** The heartbeat of one link of version 3, which {@link Heartbeats} looks at. Belongs to the link's loop. */
final class Heartbeat {
    /** The heartbeats without a byte after which a link is lost. */
    private static final int SILENT_HEARTBEATS = 2;

    final ClientLink link;
    final Version3Life life;
    final int secs;

    /** The bytes of an unfinished frame at the last look. */
    private int unfinishedBytes;
    /** Served time of the last look that found a sign of life, or the link not read from. */
    private long heardNanos;
    /** Served time of the last sign of life that the server gave while it did not read. */
    private long pongNanos;
    /** The next look; null while there is none. */
    private Deadlines<Heartbeat>.@Nullable Entry next;

    /** @param secs the heartbeat that the client was told, at least 1 */
    Heartbeat(ClientLink link, Version3Life life, int secs, long nowNanos) {
        this.link = link;
        this.life = life;
        this.secs = secs;
        heardNanos = nowNanos;
        pongNanos = nowNanos;
    }

    /**
     * Looks for signs of life, and gives one to a client that is not read from.
     *
     * @return false if the link is lost, and was told so
     */
    boolean look(long nowNanos) {
        next = null;
        boolean isRead = link.isReading();
        int unfinishedNow = link.input.unfinishedBytes();
        if (life.takeHeard() || unfinishedNow != unfinishedBytes || !isRead) {
            heardNanos = nowNanos;
        }
        unfinishedBytes = unfinishedNow;
        long heartbeatNanos = TimeUnit.SECONDS.toNanos(secs);
        if (nowNanos - heardNanos >= SILENT_HEARTBEATS * heartbeatNanos) {
            link.isSilent(Metric.LINKS_SILENT, "sent nothing for two heartbeats");
            return false;
        }
        if (!isRead && nowNanos - pongNanos >= heartbeatNanos) {
            pongNanos = nowNanos;
            life.signOfLife(link);
        }
        return true;
    }

    /** Has it looked at again when this is due. */
    void next(Deadlines<Heartbeat>.Entry due) {
        next = due;
    }

    /** Has it looked at no more. A second call does nothing. */
    void end() {
        if (next != null) {
            next.cancel();
            next = null;
        }
    }
}
