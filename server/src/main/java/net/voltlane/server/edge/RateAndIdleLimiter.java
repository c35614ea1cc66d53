package net.voltlane.server.edge;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.guard.RatePolicy;
import net.voltlane.server.link.Deadlines;
import net.voltlane.server.link.ServedTime;

/**
 * How fast the links of one loop send, and for how long they are silent. Is told of each read, not of each packet; its
 * time is that of the last sweep, so that no read asks for the clock. Belongs to the loop.
 *
 * <p>A link that is over its rate is paused at once, whatever the policy; to end it is for the next sweep, whose time
 * is fresh: a loop that was late itself finds everything that came meanwhile at once. A client is not blamed either for
 * what gathered while the server did not read from it, or while it had no link: that is let in as fast as it may send,
 * and only what is too fast after that ends it.
 */
final class RateAndIdleLimiter {
    /** A silent link is found up to this part of its time too late: so seldom each one is looked at. */
    private static final int CHECKS_PER_TIMEOUT = 4;

    private final ServedTime time;
    private RateLimits limits;
    /** Copies of what {@link #limits} says, for each read. */
    private boolean isOn;

    private boolean hasRates;
    /** Served time, for silence. */
    private long nowNanos;
    /** The time before {@link #nowNanos}: what was read under that time may have been read until just now. */
    private long previousNanos;
    /** Real time, for rates. */
    private long realNanos;
    /** Since when what is read now may have waited: as of then it is counted. */
    private long sinceNanos;

    /**
     * Every live link, in no order; each knows its place. Where nothing is watched nobody has a pace, and all the same
     * a time for silence that is set later holds for those who are silent already.
     */
    private final List<ClientLink> links = new ArrayList<>();

    private final Set<ClientLink> paused = new LinkedHashSet<>();
    /** Are read from again since the last sweep: who is not paused by the next one had nothing more waiting. */
    private List<ClientLink> readAgain = new ArrayList<>();

    private Deadlines<ClientLink> idleChecks;

    RateAndIdleLimiter(RateLimits limits, ServedTime time) {
        this.limits = limits;
        this.time = time;
        copyLimits();
        nowNanos = time.getAsLong();
        previousNanos = nowNanos;
        realNanos = time.realNanos();
        sinceNanos = realNanos;
        idleChecks = idleChecks();
    }

    /** The link is live. */
    void joins(ClientLink link) {
        link.placeInWatch = links.size();
        links.add(link);
    }

    private void leaves(ClientLink link) {
        int place = link.placeInWatch;
        if (place < 0) {
            return;
        }
        link.placeInWatch = -1;
        ClientLink last = links.remove(links.size() - 1);
        if (last != link) {
            links.set(place, last);
            last.placeInWatch = place;
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

    /** A live link was read from; where that was more than it may send it is paused. */
    void wasRead(ClientLink link, int packets, int bytes) {
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

    /**
     * Whether anything is to be read in small pieces: a read is not cut short where it brings more than there may be.
     */
    boolean hasRates() {
        return hasRates;
    }

    /** True while any limit holds: each read of a live link is to be told. */
    boolean isOn() {
        return isOn;
    }

    private void copyLimits() {
        isOn = !limits.isOff();
        hasRates = limits.packetsPerSec() > 0 || limits.bytesPerSec() > 0;
    }

    /** The server did not read from it for a while. */
    void wasHeldBack(ClientLink link) {
        LinkPace pace = link.pace;
        if (pace != null) {
            pace.excused = true;
        }
    }

    /**
     * It is paused, and its peer's FIN forces in what it has sent: for one that came back, or was held back, up to one
     * second's worth of that. A client that returns, says something and goes must be heard.
     */
    boolean isExcused(ClientLink link) {
        LinkPace pace = link.pace;
        return pace != null
                && pace.excused
                && !(limits.packetsPerSec() > 0 && pace.packets.owesMoreThanAPeriod(realNanos))
                && !(limits.bytesPerSec() > 0 && pace.bytes.owesMoreThanAPeriod(realNanos));
    }

    /** The link reads no more. */
    void forget(ClientLink link) {
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

    /** Called a few times a second where the loop may judge, with the limits that hold now. */
    void sweep(RateLimits current) {
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

    /** Nobody knows for how long it has been silent: its time begins now. */
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
            pace.readNanos = nowNanos; // read from just now; or not at all, which is not its fault
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
