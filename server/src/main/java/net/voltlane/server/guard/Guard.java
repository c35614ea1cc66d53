package net.voltlane.server.guard;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may connect, begin a session or come back to one. Every connection is one {@link Visit}; the guard hears
 * of its steps in the order of its methods. Thread-safe: one lock, taken a few times in a connection's life and never
 * for a packet.
 */
public final class Guard {
    /** Addresses that are remembered, at about 200 bytes each; of networks there are fewer. */
    private static final int MAX_SOURCES = 1 << 17;

    private final LongSupplier nanoClock;
    private final LongSupplier waitedSinceNanos;
    private volatile GuardLimits limits;
    private volatile Shares shares = new Shares(Integer.MAX_VALUE);
    private volatile Metric overRoom = Metric.REFUSED_DESCRIPTORS;

    // The rest is guarded by this.

    /** Written under the lock only, which makes its threads one. */
    private final Counters counters;

    final Sources sources;
    final PendingHandshakes handshakes = new PendingHandshakes();
    final PendingHandshakes inLane = new PendingHandshakes();
    /** Not handshakes any more; but what there is too much of gives way in the same way. */
    final PendingHandshakes replaced = new PendingHandshakes();

    private final TokenBucket connects;
    long links;

    /**
     * @param nanoClock real time
     * @param waitedSinceNanos the time since which whoever comes now may have waited for the server, which was paused:
     *     nobody is refused for what gathered meanwhile
     */
    public Guard(GuardLimits limits, Metrics metrics, LongSupplier nanoClock, LongSupplier waitedSinceNanos) {
        this(limits, metrics, nanoClock, waitedSinceNanos, MAX_SOURCES);
    }

    Guard(GuardLimits limits, Metrics metrics, LongSupplier nanoClock, LongSupplier waitedSinceNanos, int maxSources) {
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.waitedSinceNanos = waitedSinceNanos;
        counters = metrics.newCounters();
        sources = new Sources(maxSources, counters);
        connects = new TokenBucket(TimeUnit.SECONDS.toNanos(1), nanoClock.getAsLong());
    }

    public GuardLimits limits() {
        return limits;
    }

    /** Other limits from now on. Connections that nothing was counted for by then are not counted later. */
    public void limits(GuardLimits next) {
        limits = next;
    }

    /**
     * For how many connections there is room. A part of it is kept for those who come back.
     *
     * @param over what a new client is counted as for whom there is none
     */
    public void room(int connections, Metric over) {
        overRoom = over;
        shares = new Shares(connections);
    }

    /**
     * Of {@code room} connections those that may be handshakes of strangers, or their links: else nobody could come
     * back.
     */
    public static int roomForNew(int room) {
        return new Shares(room).forNew();
    }

    /**
     * A connection was accepted; the answer says whether it may begin its handshake. Where another's handshake gives
     * way to it, that one's {@code giveWay} runs here.
     *
     * @param giveWay has this connection closed for its {@link Visit#limit}, where its handshake gives way to another;
     *     called on any thread, at most once, before its handshake is done, or when another link has its session; only
     *     enqueues
     */
    public Visit arrives(InetAddress from, Runnable giveWay) {
        Cidr address = Cidr.of(from);
        Visit visit = new Visit(address, giveWay);
        GuardLimits now = limits;
        if (now.deny().contains(address)
                || !now.allow().isEmpty() && !now.allow().contains(address)) {
            visit.limit = Metric.REFUSED_DENIED;
            return visit;
        }
        Visit displaced = arrives(visit, now);
        if (displaced != null) {
            displaced.giveWay.run();
        }
        return visit;
    }

    /** Answers with the one that gave its place to it. */
    private synchronized @Nullable Visit arrives(Visit visit, GuardLimits now) {
        long nowNanos = nanoClock.getAsLong();
        ConnectionLimits bounds = now.connections();
        // Whoever is seen for the first time after a pause may have begun to come in it.
        Source[] counted = sources.of(visit.from(), now.watchAddresses(), bounds.perSubnet() > 0, since(nowNanos));
        visit.limit = refusal(counted, bounds, nowNanos);
        if (visit.limit != null) {
            return null;
        }
        visit.limit = limitOnNewSessions(counted, bounds);
        if (visit.limit == null && bounds.perSec() > 0 && !connects.take(since(nowNanos), nowNanos, bounds.perSec())) {
            visit.limit = Metric.REFUSED_CONNECT_RATE;
        }
        visit.sources = counted;
        return visit.limit == null ? enterHandshakes(visit, bounds, nowNanos) : enterLane(visit, bounds, nowNanos);
    }

    /** What no lane helps against. */
    private @Nullable Metric refusal(Source[] counted, ConnectionLimits bounds, long nowNanos) {
        for (Source source : counted) {
            if (source.isBanned(nowNanos)) {
                return Metric.REFUSED_BANNED;
            }
        }
        for (Source source : counted) { // the smallest first, so that one that is over its rate uses up no other's
            if (!source.mayConnect(bounds, since(nowNanos), nowNanos)) {
                return Metric.REFUSED_CONNECT_RATE_PER_IP;
            }
        }
        for (Source source : counted) {
            if (source.isBusyAsAddress(bounds)) {
                return Metric.REFUSED_MAX_CLIENTS_PER_IP;
            }
            if (source.isBusyAsSubnet(bounds)) {
                return Metric.REFUSED_MAX_CLIENTS_PER_SUBNET;
            }
        }
        return null;
    }

    private @Nullable Metric limitOnNewSessions(Source[] counted, ConnectionLimits bounds) {
        return bounds.total() > 0 && links >= bounds.total()
                ? Metric.REFUSED_MAX_CLIENTS
                : limitOnLinks(counted, bounds);
    }

    private static @Nullable Metric limitOnLinks(Source[] counted, ConnectionLimits bounds) {
        for (Source source : counted) {
            if (source.isFullAsAddress(bounds)) {
                return Metric.REFUSED_MAX_CLIENTS_PER_IP;
            }
            if (source.isFullAsSubnet(bounds)) {
                return Metric.REFUSED_MAX_CLIENTS_PER_SUBNET;
            }
        }
        return null;
    }

    /** It is let in, and where that is one too many another gives way; or it may only come back. */
    private @Nullable Visit enterHandshakes(Visit visit, ConnectionLimits bounds, long nowNanos) {
        enter(visit, Visit.Place.HANDSHAKE, nowNanos);
        Visit tooMany = handshakes.toGiveWayFor(visit, bounds.handshakesPerIp());
        Metric why = Metric.REFUSED_PENDING_HANDSHAKES_PER_IP;
        if (tooMany == null && handshakes.size() > shares.forAll(bounds)) {
            tooMany = handshakes.toGiveWay();
            why = Metric.REFUSED_PENDING_HANDSHAKES;
        }
        if (tooMany == null && links + handshakes.size() > shares.forNew()) {
            tooMany = handshakes.toGiveWay();
            why = overRoom;
        }
        if (tooMany == visit) {
            leaveHandshake(visit);
            visit.limit = why;
            return enterLane(visit, bounds, nowNanos);
        }
        return displaced(tooMany, why);
    }

    private @Nullable Visit enterLane(Visit visit, ConnectionLimits bounds, long nowNanos) {
        enter(visit, Visit.Place.LANE, nowNanos);
        Visit tooMany = inLane.toGiveWayFor(visit, bounds.handshakesPerIp());
        if (tooMany == null && inLane.size() > shares.lane(bounds)) {
            tooMany = inLane.toGiveWay();
        }
        if (tooMany == visit) {
            leaveHandshake(visit);
            visit.place = Visit.Place.REFUSED;
            return null;
        }
        counters.count(Metric.RESUME_LANE_ENTERED);
        return displaced(tooMany, tooMany == null ? null : tooMany.limit);
    }

    private @Nullable Visit displaced(@Nullable Visit visit, @Nullable Metric why) {
        if (visit != null) {
            leaveHandshake(visit);
            visit.place = Visit.Place.GAVE_WAY;
            visit.limit = why;
        }
        return visit;
    }

    private void enter(Visit visit, Visit.Place place, long nowNanos) {
        visit.place = place;
        pending(visit).add(visit, nowNanos);
        for (Source source : visit.sources) {
            source.handshakes++;
        }
    }

    private PendingHandshakes pending(Visit visit) {
        return visit.place == Visit.Place.LANE ? inLane : handshakes;
    }

    /** The second packet is a key: null where a new session may be opened, else the limit that stands against it. */
    public synchronized @Nullable Metric opens(Visit visit) {
        if (visit.isInLane() || hasGivenWay(visit)) {
            return visit.limit;
        }
        Metric limit = limitOnNewSessions(visit.sources, limits.connections());
        if (limit == null) {
            countLink(visit);
            handshakes.waitsForUs(visit, nanoClock.getAsLong());
        }
        return limit;
    }

    /**
     * The second packet is an id, whosever it is: null where it may be proved, else what stands against it. That is
     * also a ban of its address since it came: what it had opened before would be so many guesses more.
     */
    public synchronized @Nullable Metric proves(Visit visit) {
        if (hasGivenWay(visit)) {
            return visit.limit;
        }
        long nowNanos = nanoClock.getAsLong();
        for (Source source : visit.sources) {
            if (source.isBanned(nowNanos)) {
                return Metric.REFUSED_BANNED;
            }
        }
        pending(visit).waitsForUs(visit, nowNanos);
        return null;
    }

    /** What was computed for it is done, and its peer has to answer. */
    public synchronized void waitsForPeer(Visit visit) {
        pending(visit).waitsForPeer(visit, nanoClock.getAsLong());
    }

    /** Its answer was right: of its address's handshakes it gives way last from now on. */
    public synchronized void proved(Visit visit) {
        pending(visit).proved(visit, nanoClock.getAsLong());
    }

    /**
     * The proof was right: null where the session may be resumed, else the limit that stands against it. Any loop.
     *
     * @param replaced the link that the session still has: it no longer counts
     */
    public synchronized @Nullable Metric resumes(Visit visit, @Nullable Visit replaced) {
        if (visit.gone) {
            return null;
        }
        if (hasGivenWay(visit)) {
            return visit.limit;
        }
        boolean replaces = replaced != null && replaced.isLink;
        if (replaces) {
            uncountLink(replaced);
        }
        leaveHandshake(visit);
        Metric limit = limitOnLinks(visit.sources, limits.connections());
        if (limit == null) {
            countLink(visit);
            if (replaces) {
                replaced(replaced);
            }
        } else if (replaces) {
            countLink(replaced);
        }
        return limit;
    }

    /** An answer to a challenge was wrong; true where its address is banned from now on. */
    public synchronized boolean failed(Visit visit) {
        long nowNanos = nanoClock.getAsLong();
        boolean bans = false;
        for (Source source : visit.sources) {
            bans |= source.failed(limits.resumes(), since(nowNanos), nowNanos);
        }
        if (bans) {
            counters.count(Metric.ADDRESSES_BANNED);
        }
        return bans;
    }

    /** Its key is a valid one: null where its session may be opened, else the limit that stands against it. */
    public synchronized @Nullable Metric handshakeDone(Visit visit) {
        if (hasGivenWay(visit)) {
            return visit.limit;
        }
        leaveHandshake(visit);
        return null;
    }

    /** It has gone; a second call does nothing. */
    public synchronized void leaves(Visit visit) {
        if (visit.gone) {
            return;
        }
        visit.gone = true;
        leaveHandshake(visit);
        replaced.remove(visit);
        if (visit.isLink) {
            uncountLink(visit);
        }
        long nowNanos = nanoClock.getAsLong();
        for (Source source : visit.sources) {
            if (visit.isReplaced) {
                source.replaced--;
            }
            sources.forgetIfIdle(source, nowNanos);
        }
    }

    private static boolean hasGivenWay(Visit visit) {
        return visit.place == Visit.Place.GAVE_WAY;
    }

    private void leaveHandshake(Visit visit) {
        if (visit.place != Visit.Place.HANDSHAKE && visit.place != Visit.Place.LANE) {
            return;
        }
        pending(visit).remove(visit);
        visit.place = Visit.Place.OUTSIDE;
        for (Source source : visit.sources) {
            source.handshakes--;
        }
    }

    private void countLink(Visit visit) {
        visit.isLink = true;
        addLinks(visit, 1);
    }

    /** It is a link no more, and its socket is open until its peer closes it as well, or its time is over. */
    private void replaced(Visit visit) {
        if (visit.gone) {
            return;
        }
        visit.isReplaced = true;
        for (Source source : visit.sources) {
            source.replaced++;
        }
        replaced.add(visit, nanoClock.getAsLong());
        if (replaced.size() > shares.replaced()) {
            Visit tooMany = replaced.toGiveWay();
            replaced.remove(tooMany);
            tooMany.giveWay.run();
        }
    }

    private void uncountLink(Visit visit) {
        visit.isLink = false;
        addLinks(visit, -1);
    }

    private void addLinks(Visit visit, int n) {
        links += n;
        for (Source source : visit.sources) {
            source.links += n;
        }
    }

    private long since(long nowNanos) {
        long since = waitedSinceNanos.getAsLong();
        return since - nowNanos < 0 ? since : nowNanos;
    }
}
