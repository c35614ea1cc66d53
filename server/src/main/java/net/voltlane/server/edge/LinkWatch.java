package net.voltlane.server.edge;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.guard.RatePolicy;
import net.voltlane.server.link.Deadlines;

/**
 * How fast the links of one loop send, and for how long they are silent. Is told of each read, not of each packet; its
 * time is that of the last sweep, so that no read asks for the clock. Belongs to the loop.
 */
final class LinkWatch {
    /** A silent link is found up to this part of its time too late: so seldom each one is looked at. */
    private static final int CHECKS_PER_TIMEOUT = 4;

    private RateLimits limits;
    private long nowNanos;
    private final Set<ClientLink> paused = new LinkedHashSet<>();
    private Deadlines<ClientLink> idleChecks;

    LinkWatch(RateLimits limits, long nowNanos) {
        this.limits = limits;
        this.nowNanos = nowNanos;
        idleChecks = idleChecks();
    }

    /** Begins to watch a link. */
    LinkPace begin(ClientLink link) {
        LinkPace pace = new LinkPace(nowNanos);
        if (limits.idleTimeoutSecs() > 0) {
            pace.idleCheck = idleChecks.add(nowNanos, link);
        }
        return pace;
    }

    /** A link was read from; true where that was more than it may send. */
    boolean isOver(LinkPace pace, int packets, int bytes) {
        pace.readNanos = nowNanos;
        if (limits.packetsPerSec() > 0) {
            pace.packets.spend(nowNanos, packets, limits.packetsPerSec());
        }
        if (limits.bytesPerSec() > 0) {
            pace.bytes.spend(nowNanos, bytes, limits.bytesPerSec());
        }
        return isOver(pace);
    }

    private boolean isOver(LinkPace pace) {
        return limits.packetsPerSec() > 0 && pace.packets.isOverdrawn(nowNanos)
                || limits.bytesPerSec() > 0 && pace.bytes.isOverdrawn(nowNanos);
    }

    boolean kicks() {
        return limits.policy() == RatePolicy.KICK;
    }

    /** The link is not read from until it may send again; false where it is not by now. */
    boolean pause(ClientLink link) {
        return paused.add(link);
    }

    boolean isPaused(ClientLink link) {
        return !paused.isEmpty() && paused.contains(link);
    }

    /** The link reads no more. */
    void forget(ClientLink link) {
        LinkPace pace = link.pace();
        if (pace == null) {
            return;
        }
        paused.remove(link);
        if (pace.idleCheck != null) {
            pace.idleCheck.cancel();
            pace.idleCheck = null;
        }
    }

    /** Called a few times a second, with the limits that hold now. */
    void sweep(long now, RateLimits current) {
        nowNanos = now;
        if (current != limits) {
            limits = current;
            List<ClientLink> watched = idleChecks.items();
            idleChecks = idleChecks();
            watched.forEach(this::checkIdle);
        }
        idleChecks.run(now);
        if (!paused.isEmpty()) {
            for (ClientLink link : List.copyOf(paused)) {
                LinkPace pace = link.pace();
                if (pace == null || !isOver(pace)) {
                    paused.remove(link);
                    link.mayReadAgain();
                }
            }
        }
    }

    private Deadlines<ClientLink> idleChecks() {
        return new Deadlines<>(
                TimeUnit.SECONDS.toNanos(limits.idleTimeoutSecs()) / CHECKS_PER_TIMEOUT, this::checkIdle);
    }

    private void checkIdle(ClientLink link) {
        LinkPace pace = link.pace();
        if (pace == null) {
            return;
        }
        pace.idleCheck = null;
        if (!link.isReading()) {
            pace.readNanos = nowNanos; // that it is not read from is not its fault
        }
        if (limits.idleTimeoutSecs() == 0) {
            return;
        }
        if (nowNanos - pace.readNanos >= TimeUnit.SECONDS.toNanos(limits.idleTimeoutSecs())) {
            link.silentForLong();
        } else {
            pace.idleCheck = idleChecks.add(nowNanos, link);
        }
    }
}
