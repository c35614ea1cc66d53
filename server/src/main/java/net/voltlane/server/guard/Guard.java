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
 * Decides who may connect, begin a session or come back to one. Every connection is one {@link Admission}; the guard hears
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
    final PendingHandshakes inReserve = new PendingHandshakes();
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
     * @param giveWay has this connection closed for its {@link Admission#limit}, where its handshake gives way to another;
     *     called on any thread, at most once, before its handshake is done, or when another link has its session; only
     *     enqueues
     */
    public Admission arrives(InetAddress from, Runnable giveWay) {
        Cidr address = Cidr.of(from);
        Admission admission = new Admission(address, giveWay);
        GuardLimits now = limits;
        if (now.deny().contains(address)
                || !now.allow().isEmpty() && !now.allow().contains(address)) {
            admission.limit = Metric.REFUSED_DENIED;
            return admission;
        }
        Admission displaced = arrives(admission, now);
        if (displaced != null) {
            displaced.giveWay.run();
        }
        return admission;
    }

    /** Answers with the one that gave its place to it. */
    private synchronized @Nullable Admission arrives(Admission admission, GuardLimits now) {
        long nowNanos = nanoClock.getAsLong();
        ConnectionLimits bounds = now.connections();
        // Whoever is seen for the first time after a pause may have begun to come in it.
        Source[] counted = sources.of(admission.from(), now.watchAddresses(), bounds.perSubnet() > 0, since(nowNanos));
        admission.limit = refusal(counted, bounds, nowNanos);
        if (admission.limit != null) {
            return null;
        }
        admission.limit = limitOnNewSessions(counted, bounds);
        if (admission.limit == null
                && bounds.perSec() > 0
                && !connects.take(since(nowNanos), nowNanos, bounds.perSec())) {
            admission.limit = Metric.REFUSED_CONNECT_RATE;
        }
        admission.sources = counted;
        return admission.limit == null
                ? enterHandshakes(admission, bounds, nowNanos)
                : enterReserve(admission, bounds, nowNanos);
    }

    /** What no reserve helps against. */
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
    private @Nullable Admission enterHandshakes(Admission admission, ConnectionLimits bounds, long nowNanos) {
        enter(admission, Admission.Place.HANDSHAKE, nowNanos);
        Admission tooMany = handshakes.toGiveWayFor(admission, bounds.handshakesPerIp());
        Metric why = Metric.REFUSED_PENDING_HANDSHAKES_PER_IP;
        if (tooMany == null && handshakes.size() > shares.forAll(bounds)) {
            tooMany = handshakes.toGiveWay();
            why = Metric.REFUSED_PENDING_HANDSHAKES;
        }
        if (tooMany == null && links + handshakes.size() > shares.forNew()) {
            tooMany = handshakes.toGiveWay();
            why = overRoom;
        }
        if (tooMany == admission) {
            leaveHandshake(admission);
            admission.limit = why;
            return enterReserve(admission, bounds, nowNanos);
        }
        return displaced(tooMany, why);
    }

    private @Nullable Admission enterReserve(Admission admission, ConnectionLimits bounds, long nowNanos) {
        enter(admission, Admission.Place.RESERVE, nowNanos);
        Admission tooMany = inReserve.toGiveWayFor(admission, bounds.handshakesPerIp());
        if (tooMany == null && inReserve.size() > shares.reserve(bounds)) {
            tooMany = inReserve.toGiveWay();
        }
        if (tooMany == admission) {
            leaveHandshake(admission);
            admission.place = Admission.Place.REFUSED;
            return null;
        }
        counters.count(Metric.RESUME_LANE_ENTERED);
        return displaced(tooMany, tooMany == null ? null : tooMany.limit);
    }

    private @Nullable Admission displaced(@Nullable Admission admission, @Nullable Metric why) {
        if (admission != null) {
            leaveHandshake(admission);
            admission.place = Admission.Place.GAVE_WAY;
            admission.limit = why;
        }
        return admission;
    }

    private void enter(Admission admission, Admission.Place place, long nowNanos) {
        admission.place = place;
        pending(admission).add(admission, nowNanos);
        for (Source source : admission.sources) {
            source.handshakes++;
        }
    }

    private PendingHandshakes pending(Admission admission) {
        return admission.place == Admission.Place.RESERVE ? inReserve : handshakes;
    }

    /** The second packet is a key: null where a new session may be opened, else the limit that stands against it. */
    public synchronized @Nullable Metric opens(Admission admission) {
        if (admission.isInReserve() || hasGivenWay(admission)) {
            return admission.limit;
        }
        Metric limit = limitOnNewSessions(admission.sources, limits.connections());
        if (limit == null) {
            countLink(admission);
            handshakes.waitsForUs(admission, nanoClock.getAsLong());
        }
        return limit;
    }

    /**
     * The second packet is an id, whosever it is: null where it may be proved, else what stands against it. That is
     * also a ban of its address since it came: what it had opened before would be so many guesses more.
     */
    public synchronized @Nullable Metric proves(Admission admission) {
        if (hasGivenWay(admission)) {
            return admission.limit;
        }
        long nowNanos = nanoClock.getAsLong();
        for (Source source : admission.sources) {
            if (source.isBanned(nowNanos)) {
                return Metric.REFUSED_BANNED;
            }
        }
        pending(admission).waitsForUs(admission, nowNanos);
        return null;
    }

    /** What was computed for it is done, and its peer has to answer. */
    public synchronized void waitsForPeer(Admission admission) {
        pending(admission).waitsForPeer(admission, nanoClock.getAsLong());
    }

    /** Its answer was right: of its address's handshakes it gives way last from now on. */
    public synchronized void proved(Admission admission) {
        pending(admission).proved(admission, nanoClock.getAsLong());
    }

    /**
     * The proof was right: null where the session may be resumed, else the limit that stands against it. Any loop.
     *
     * @param replaced the link that the session still has: it no longer counts
     */
    public synchronized @Nullable Metric resumes(Admission admission, @Nullable Admission replaced) {
        if (admission.gone) {
            return null;
        }
        if (hasGivenWay(admission)) {
            return admission.limit;
        }
        boolean replaces = replaced != null && replaced.isLink;
        if (replaces) {
            uncountLink(replaced);
        }
        leaveHandshake(admission);
        Metric limit = limitOnLinks(admission.sources, limits.connections());
        if (limit == null) {
            countLink(admission);
            if (replaces) {
                replaced(replaced);
            }
        } else if (replaces) {
            countLink(replaced);
        }
        return limit;
    }

    /** An answer to a challenge was wrong; true where its address is banned from now on. */
    public synchronized boolean failed(Admission admission) {
        long nowNanos = nanoClock.getAsLong();
        boolean bans = false;
        for (Source source : admission.sources) {
            bans |= source.failed(limits.resumes(), since(nowNanos), nowNanos);
        }
        if (bans) {
            counters.count(Metric.ADDRESSES_BANNED);
        }
        return bans;
    }

    /** Its key is a valid one: null where its session may be opened, else the limit that stands against it. */
    public synchronized @Nullable Metric handshakeDone(Admission admission) {
        if (hasGivenWay(admission)) {
            return admission.limit;
        }
        leaveHandshake(admission);
        return null;
    }

    /** It has gone; a second call does nothing. */
    public synchronized void leaves(Admission admission) {
        if (admission.gone) {
            return;
        }
        admission.gone = true;
        leaveHandshake(admission);
        replaced.remove(admission);
        if (admission.isLink) {
            uncountLink(admission);
        }
        long nowNanos = nanoClock.getAsLong();
        for (Source source : admission.sources) {
            if (admission.isReplaced) {
                source.replaced--;
            }
            sources.forgetIfIdle(source, nowNanos);
        }
    }

    private static boolean hasGivenWay(Admission admission) {
        return admission.place == Admission.Place.GAVE_WAY;
    }

    private void leaveHandshake(Admission admission) {
        if (admission.place != Admission.Place.HANDSHAKE && admission.place != Admission.Place.RESERVE) {
            return;
        }
        pending(admission).remove(admission);
        admission.place = Admission.Place.OUTSIDE;
        for (Source source : admission.sources) {
            source.handshakes--;
        }
    }

    private void countLink(Admission admission) {
        admission.isLink = true;
        addLinks(admission, 1);
    }

    /** It is a link no more, and its socket is open until its peer closes it as well, or its time is over. */
    private void replaced(Admission admission) {
        if (admission.gone) {
            return;
        }
        admission.isReplaced = true;
        for (Source source : admission.sources) {
            source.replaced++;
        }
        replaced.add(admission, nanoClock.getAsLong());
        if (replaced.size() > shares.replaced()) {
            Admission tooMany = replaced.toGiveWay();
            replaced.remove(tooMany);
            tooMany.giveWay.run();
        }
    }

    private void uncountLink(Admission admission) {
        admission.isLink = false;
        addLinks(admission, -1);
    }

    private void addLinks(Admission admission, int n) {
        links += n;
        for (Source source : admission.sources) {
            source.links += n;
        }
    }

    private long since(long nowNanos) {
        long since = waitedSinceNanos.getAsLong();
        return since - nowNanos < 0 ? since : nowNanos;
    }
}
