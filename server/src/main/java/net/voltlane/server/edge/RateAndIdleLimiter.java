package net.voltlane.server.edge;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.guard.RatePolicy;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.Owner;
import net.voltlane.server.link.ServedTime;
import net.voltlane.server.metrics.Metric;

/**
 * The limits on the rates of one loop's links, and on their silence. Counts once for each read, not for each packet,
 * and uses the time of the last sweep, so that a read does not ask for the clock. Belongs to its loop.
 *
 * <p>A link over its rate is paused at once, whatever the policy. If the policy is to end it, the next sweep does so,
 * whose time is fresh: a loop that was late finds everything that came in the meantime at once. A client is also
 * <i>excused</i> for input that gathered while the server did not read from it, or while it had no link. That input is
 * let in as fast as the client may send, and only an excess after that ends the session.
 */
final class RateAndIdleLimiter {
    /** Checks of each link within the idle timeout; so a silent link may be found late by a quarter of that time. */
    private static final int CHECKS_PER_TIMEOUT = 4;

    private final Owner owner;
    private final ServedTime time;
    private RateLimits limits;
    /** True while there is any limit. A copy from {@link #limits}, for each read. */
    private boolean isOn;

    /** True while there is a limit on a rate. */
    private boolean hasRates;
    /** Served time of the last sweep, for silence. */
    private long nowNanos;
    /** Served time of the sweep before the last. A link that was read then may have been read until just now. */
    private long previousNanos;
    /** Real time of the last sweep, for rates. */
    private long realNanos;
    /** The earliest time at which input that is read now may have begun to wait. It counts from then. */
    private long sinceNanos;

    /**
     * All live links, in no order; each knows its index. Without limits no link has a {@link LinkPace}. This list lets an
     * idle timeout that is set later apply to links that are silent already.
     */
    private final List<ClientLink> links = new ArrayList<>();

    private final Set<ClientLink> paused = new LinkedHashSet<>();
    /** Excused links that were resumed by the last sweep. One that is not paused by the next has nothing more waiting. */
    private List<ClientLink> readAgain = new ArrayList<>();

    private Deadlines<ClientLink> idleChecks;

    RateAndIdleLimiter(Owner owner, RateLimits limits, ServedTime time) {
        this.owner = owner;
        this.limits = limits;
        this.time = time;
        copyLimits();
        nowNanos = time.getAsLong();
        previousNanos = nowNanos;
        realNanos = time.realNanos();
        sinceNanos = realNanos;
        idleChecks = idleChecks();
    }

    /** A link is live, and may be read from. */
    void joins(ClientLink link) {
        assert owner.isCurrent() : "belongs to its client loop";
        link.limiterIndex = links.size();
        links.add(link);
    }

    private void leaves(ClientLink link) {
        int index = link.limiterIndex;
        if (index < 0) {
            return;
        }
        link.limiterIndex = -1;
        ClientLink last = links.remove(links.size() - 1);
        if (last != link) {
            links.set(index, last);
            last.limiterIndex = index;
        }
    }

    private LinkPace begin(ClientLink link) {
        LinkPace pace = new LinkPace(nowNanos, realNanos);
        if (link.hasResumed()) {
            pace.excused = true;
            spend(pace, limits.packetsPerSec() + 1, limits.bytesPerSec() + 1);
        }
        if (limits.idleTimeoutSecs() > 0) {
            pace.idleCheck = idleChecks.add(nowNanos, link);
        }
        link.pace = pace;
        return pace;
    }

    /** A live link was read from. Pauses it if that was more than it may send. */
    void wasRead(ClientLink link, int packets, int bytes) {
        assert owner.isCurrent() : "belongs to its client loop";
        LinkPace pace = link.pace == null ? begin(link) : link.pace;
        pace.readNanos = nowNanos;
        spend(pace, packets, bytes);
        if (isOver(pace, realNanos) && isOver(pace, time.realNanos()) && paused.add(link)) {
            link.pauseForRate();
        }
    }

    private void spend(LinkPace pace, long packets, long bytes) {
        if (limits.packetsPerSec() > 0) {
            pace.packets.spend(sinceNanos, packets, limits.packetsPerSec());
        }
        if (limits.bytesPerSec() > 0) {
            pace.bytes.spend(sinceNanos, bytes, limits.bytesPerSec());
        }
    }

    private boolean isOver(LinkPace pace, long now) {
        return limits.packetsPerSec() > 0 && pace.packets.isOverdrawn(now)
                || limits.bytesPerSec() > 0 && pace.bytes.isOverdrawn(now);
    }

    /** True while there is a limit on a rate. Reads are small then, because no read is cut short at the limit. */
    boolean hasRates() {
        return hasRates;
    }

    /** True while there is any limit, and {@link #wasRead} is to be called for each read of a live link. */
    boolean isOn() {
        return isOn;
    }

    private void copyLimits() {
        isOn = !limits.isOff();
        hasRates = limits.packetsPerSec() > 0 || limits.bytesPerSec() > 0;
    }

    /** The server did not read from the link for a while, for no fault of its client. */
    void wasHeldBack(ClientLink link) {
        assert owner.isCurrent() : "belongs to its client loop";
        LinkPace pace = link.pace;
        if (pace != null) {
            pace.excused = true;
        }
    }

    /**
     * True if a paused link may still deliver what its peer's FIN forces in. An excused link may, up to one second's
     * worth: a client that returns, sends something and leaves must be heard.
     */
    boolean isExcused(ClientLink link) {
        LinkPace pace = link.pace;
        return pace != null
                && pace.excused
                && !(limits.packetsPerSec() > 0 && pace.packets.owesMoreThanAPeriod(realNanos))
                && !(limits.bytesPerSec() > 0 && pace.bytes.owesMoreThanAPeriod(realNanos));
    }

    /** The link ends, and is never read from again. */
    void forget(ClientLink link) {
        assert owner.isCurrent() : "belongs to its client loop";
        leaves(link);
        LinkPace pace = link.pace;
        if (pace == null) {
            return;
        }
        paused.remove(link);
        if (pace.idleCheck != null) {
            pace.idleCheck.cancel();
            pace.idleCheck = null;
        }
    }

    /** Applies the limits that hold now. Called a few times a second, after the loop has read what had come by then. */
    void sweep(RateLimits current) {
        assert owner.isCurrent() : "belongs to its client loop";
        previousNanos = nowNanos;
        nowNanos = time.getAsLong();
        realNanos = time.realNanos();
        sinceNanos = time.waitedSinceNanos();
        if (current != limits) {
            boolean wasOff = limits.idleTimeoutSecs() == 0;
            limits = current;
            copyLimits();
            List<ClientLink> watched = idleChecks.items();
            idleChecks = idleChecks();
            watched.forEach(this::checkIdle);
            if (wasOff && limits.idleTimeoutSecs() > 0) {
                links.forEach(this::beginIdleCheck);
            }
        }
        idleChecks.run(nowNanos);
        endExcuses();
        if (!paused.isEmpty()) {
            for (ClientLink link : List.copyOf(paused)) {
                assert link.reads.isPausedFor(ReadPause.OVER_RATE) : "paused by the limiter, and read from";
                LinkPace pace = link.pace;
                if (pace == null || !isOver(pace, realNanos)) {
                    paused.remove(link);
                    if (pace != null && pace.excused) {
                        readAgain.add(link);
                    }
                    link.overRateNoMore();
                } else if (limits.policy() == RatePolicy.KICK && !pace.excused) {
                    paused.remove(link);
                    link.isTooFast();
                }
            }
        }
    }

    private void endExcuses() {
        if (readAgain.isEmpty()) {
            return;
        }
        for (ClientLink link : readAgain) {
            LinkPace pace = link.pace;
            if (pace != null && link.isReading()) {
                pace.excused = false;
            }
        }
        readAgain = new ArrayList<>();
    }

    private Deadlines<ClientLink> idleChecks() {
        return new Deadlines<>(
                TimeUnit.SECONDS.toNanos(limits.idleTimeoutSecs()) / CHECKS_PER_TIMEOUT, this::checkIdle);
    }

    /** Starts the idle timeout of a link whose silence was not measured until now. */
    private void beginIdleCheck(ClientLink link) {
        LinkPace pace = link.pace;
        if (pace == null) {
            begin(link);
        } else {
            pace.readNanos = nowNanos;
            pace.idleCheck = idleChecks.add(nowNanos, link);
        }
    }

    private void checkIdle(ClientLink link) {
        LinkPace pace = link.pace;
        if (pace == null) {
            return;
        }
        pace.idleCheck = null;
        if (!link.isReading() || pace.readNanos == previousNanos) {
            pace.readNanos = nowNanos; // read from just now, or kept from sending
        }
        if (limits.idleTimeoutSecs() == 0) {
            return;
        }
        if (nowNanos - pace.readNanos >= TimeUnit.SECONDS.toNanos(limits.idleTimeoutSecs())) {
            link.isSilent(Metric.LINKS_IDLE, "sent nothing for limits.idle_timeout_secs");
        } else {
            pace.idleCheck = idleChecks.add(nowNanos, link);
        }
    }
}
