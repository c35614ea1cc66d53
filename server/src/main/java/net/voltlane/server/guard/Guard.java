package net.voltlane.server.guard;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.guard.Admission.Phase;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * Decides which connections may begin, open a session or resume one. Every connection is one {@link Admission}, and
 * tells each step that it wants to take; {@link Admission.Phase} draws the order. Thread-safe: there is one lock, which a
 * connection takes a few times in its life and never for a packet.
 */
public final class Guard {
    /** The number of addresses that are remembered, at about 200 bytes each. Fewer networks are. */
    private static final int MAX_SOURCES = 1 << 17;

    private final LongSupplier nanoClock;
    private final LongSupplier waitedSinceNanos;
    private volatile GuardLimits limits;
    private volatile Shares shares = new Shares(Integer.MAX_VALUE);
    private volatile Metric overRoom = Metric.REFUSED_DESCRIPTORS;

    // The lock of this object guards the rest.

    /** Belongs to whichever thread has the lock. */
    private final Counters counters;

    final Sources sources;
    final Admissions admissions;
    private final TokenBucket connects;
    private boolean opensNone;
    private final Bans bans;

    /**
     * @param nanoClock real time
     * @param waitedSinceNanos the earliest time at which a connection that arrives now may have begun to wait, because
     *     the server was paused: no limit on rates is applied to what gathered in the meantime
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
        admissions = new Admissions(sources);
        connects = new TokenBucket(TimeUnit.SECONDS.toNanos(1), nanoClock.getAsLong());
        bans = new Bans(this, nanoClock);
    }

    /** All bans, to look at and to change. */
    public Bans bans() {
        return bans;
    }

    /** The number of handshakes under way. Any thread, without the lock. */
    public int handshakes() {
        return admissions.underWay();
    }

    public GuardLimits limits() {
        return limits;
    }

    /** Replaces the limits. Connections that were not counted for an address until now are not counted later. */
    public void limits(GuardLimits next) {
        limits = next;
    }

    /** Lets no client open a session from now on. Connections are let in only to resume one. */
    public synchronized void openNoSessions() {
        opensNone = true;
    }

    /**
     * Sets the number of connections that there is room for. A part of the room is reserved for returning clients.
     *
     * @param over counts the new clients that there is no room for
     */
    public void room(int connections, Metric over) {
        overRoom = over;
        shares = new Shares(connections);
    }

    /** The part of {@code room} that connections without a proof, and their links, may use. */
    public static int roomForNew(int room) {
        return new Shares(room).forNew();
    }

    // ---- a connection arrives ----

    /**
     * A connection was accepted. The answer says whether it may begin its handshake. If the handshake of another
     * connection gives way to it, that one's {@code giveWay} runs here.
     *
     * @param giveWay has this connection closed for its {@link Admission#limit}, because its handshake gives way to
     *     another, or closed as a link that was replaced. Called on any thread, at most once. Only enqueues
     */
    public Admission arrives(InetAddress from, Runnable giveWay) {
        Cidr address = Cidr.of(from);
        Admission admission = new Admission(address, giveWay);
        GuardLimits now = limits;
        if (now.deny().contains(address)
                || !now.allow().isEmpty() && !now.allow().contains(address)) {
            admission.limit = Metric.REFUSED_DENIED;
            admission.phase = Phase.REFUSED;
            return admission;
        }
        Admission displaced = arrives(admission, now);
        if (displaced != null) {
            displaced.giveWay.run();
        }
        return admission;
    }

    /** Returns the connection that has lost its place to this one; null if there is none. */
    private synchronized @Nullable Admission arrives(Admission admission, GuardLimits now) {
        long nowNanos = nanoClock.getAsLong();
        ConnectionLimits bounds = now.connections();
        // An address that is seen for the first time after a pause may have begun to connect during it.
        Source[] counted = sources.of(admission.from(), now.watchAddresses(), bounds.perSubnet() > 0, since(nowNanos));
        Metric refusal = refusal(admission, counted, bounds, nowNanos);
        if (refusal != null) {
            refuse(admission, refusal, nowNanos);
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

    /** The limit that applies to returning clients, too. Null if none stands against a connection of these sources. */
    private @Nullable Metric refusal(Admission admission, Source[] counted, ConnectionLimits bounds, long nowNanos) {
        if (isBanned(admission.from(), counted, nowNanos)) {
            return Metric.REFUSED_BANNED;
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

    private boolean isBanned(Cidr from, Source[] counted, long nowNanos) {
        if (bans.isBanned(from, nowNanos)) {
            return true;
        }
        for (Source source : counted) {
            if (source.isBanned(nowNanos)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Metric limitOnNewSessions(Source[] counted, ConnectionLimits bounds) {
        if (opensNone) {
            return Metric.REFUSED_DRAINING;
        }
        return bounds.total() > 0 && admissions.links() >= bounds.total()
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

    /** Lets the connection in. If that is one too many, another gives way; or this one may only resume a session. */
    private @Nullable Admission enterHandshakes(Admission admission, ConnectionLimits bounds, long nowNanos) {
        admissions.move(admission, Phase.HANDSHAKE, nowNanos);
        GivingWay handshakes = admissions.handshakes();
        Admission tooMany = handshakes.firstOfAddress(admission, bounds.handshakesPerIp());
        Metric why = Metric.REFUSED_PENDING_HANDSHAKES_PER_IP;
        if (tooMany == null && handshakes.size() > shares.forAll(bounds)) {
            tooMany = handshakes.first();
            why = Metric.REFUSED_PENDING_HANDSHAKES;
        }
        if (tooMany == null && admissions.links() + handshakes.size() > shares.forNew()) {
            tooMany = handshakes.first();
            why = overRoom;
        }
        if (tooMany == admission) {
            admission.limit = why;
            return enterReserve(admission, bounds, nowNanos);
        }
        return displace(tooMany, why, nowNanos);
    }

    private @Nullable Admission enterReserve(Admission admission, ConnectionLimits bounds, long nowNanos) {
        admissions.move(admission, Phase.RESERVE, nowNanos);
        GivingWay reserve = admissions.reserve();
        Admission tooMany = reserve.firstOfAddress(admission, bounds.handshakesPerIp());
        if (tooMany == null && reserve.size() > shares.reserve(bounds)) {
            tooMany = reserve.first();
        }
        if (tooMany == admission) {
            admissions.move(admission, Phase.REFUSED, nowNanos);
            return null;
        }
        counters.count(Metric.RESUME_RESERVE_ENTERED);
        return displace(tooMany, tooMany == null ? null : tooMany.limit, nowNanos);
    }

    private @Nullable Admission displace(@Nullable Admission admission, @Nullable Metric why, long nowNanos) {
        if (admission != null) {
            admission.limit = why;
            admissions.move(admission, Phase.GAVE_WAY, nowNanos);
        }
        return admission;
    }

    // ---- a new session ----

    /** The second packet is a PubKey: the connection wants to open a session. */
    public synchronized Decision beginOpening(Admission admission) {
        if (admission.phase.isOver()) {
            return over(admission);
        }
        long nowNanos = nanoClock.getAsLong();
        if (admission.isInReserve()) {
            return refuse(admission, admission.limit(), nowNanos);
        }
        Metric limit = bans.isBanned(admission.from(), nowNanos)
                ? Metric.REFUSED_BANNED
                : limitOnNewSessions(admission.sources, limits.connections());
        if (limit != null) {
            return refuse(admission, limit, nowNanos);
        }
        admissions.move(admission, Phase.OPENING, nowNanos);
        admissions.waitsForServer(admission, nowNanos);
        return Decision.GRANTED;
    }

    /** The PubKey is valid: the session is to be opened now. */
    public synchronized Decision finishOpening(Admission admission) {
        if (admission.phase.isOver()) {
            return over(admission);
        }
        admissions.move(admission, Phase.LINK, nanoClock.getAsLong());
        return Decision.GRANTED;
    }

    // ---- a resume ----

    /**
     * The second packet is a ClientId, of a session that may exist or not: the connection wants to prove that it is its
     * own. Refused as well if its address was banned after the connection arrived, because each connection that was
     * open by then would be one more guess.
     */
    public synchronized Decision beginProof(Admission admission) {
        if (admission.phase.isOver()) {
            return over(admission);
        }
        long nowNanos = nanoClock.getAsLong();
        if (isBanned(admission.from(), admission.sources, nowNanos)) {
            return refuse(admission, Metric.REFUSED_BANNED, nowNanos);
        }
        admissions.waitsForServer(admission, nowNanos);
        return Decision.GRANTED;
    }

    /** The challenge is sent, and the peer has to answer. */
    public synchronized void waitsForPeer(Admission admission) {
        admissions.waitsForPeer(admission, nanoClock.getAsLong());
    }

    /** The answer is right: of the handshakes of its address this one gives way last from now on. */
    public synchronized void proved(Admission admission) {
        admissions.waitsForServer(admission, nanoClock.getAsLong());
    }

    /** The answer is wrong. Returns true if the connection's address is banned from now on. */
    public synchronized boolean failed(Admission admission) {
        long nowNanos = nanoClock.getAsLong();
        boolean isBanned = false;
        for (Source source : admission.sources) {
            if (source.failed(limits.resumes(), since(nowNanos), nowNanos)) {
                isBanned = true;
                bans.forWrongProofs(source, nowNanos);
            }
        }
        if (isBanned) {
            counters.count(Metric.ADDRESSES_BANNED);
        }
        return isBanned;
    }

    /** The connection has proved that a session is its own, and is to become its link. Any loop. */
    public synchronized Decision takeSession(Admission admission) {
        if (admission.phase.isOver()) {
            return over(admission);
        }
        long nowNanos = nanoClock.getAsLong();
        Metric limit = limitOnLinks(admission.sources, limits.connections());
        if (limit != null) {
            return refuse(admission, limit, nowNanos);
        }
        admissions.move(admission, Phase.LINK, nowNanos);
        return Decision.GRANTED;
    }

    /**
     * Has another link take this one's session. Meanwhile this link does not count, so that it does not stand in the way
     * of its own successor; if the other one is refused, it counts again. Any loop.
     *
     * @param takeover calls {@link #takeSession} for the other link, and returns true if it was granted the session
     * @return what {@code takeover} returned
     */
    public synchronized boolean yieldSession(Admission admission, BooleanSupplier takeover) {
        if (admission.phase != Phase.LINK) {
            return takeover.getAsBoolean(); // gone, or replaced before: does not count anyway
        }
        long nowNanos = nanoClock.getAsLong();
        admissions.move(admission, Phase.YIELDING, nowNanos);
        boolean isTaken = takeover.getAsBoolean();
        if (isTaken) {
            admissions.move(admission, Phase.REPLACED, nowNanos);
            boundReplaced();
        } else {
            admissions.move(admission, Phase.LINK, nowNanos);
        }
        return isTaken;
    }

    /** Replaced links are open until their peers close them, or their time is over; too many of them give way. */
    private void boundReplaced() {
        GivingWay replaced = admissions.replaced();
        if (replaced.size() > shares.replaced()) {
            Admission tooMany = replaced.first();
            replaced.remove(tooMany);
            tooMany.giveWay.run();
        }
    }

    // ---- the end ----

    /** The time after which a connection that met a limit may be let in, in milliseconds; 0: unknown. Any loop. */
    public synchronized long retryAfterMillis(Admission admission) {
        return RetryAfter.millis(admission, nanoClock.getAsLong());
    }

    /** The connection is closed. A second call does nothing. */
    public synchronized void leaves(Admission admission) {
        admissions.leave(admission, nanoClock.getAsLong());
    }

    /**
     * The answer to a connection that is closed, or is to be. One that has gone by itself is granted everything, and
     * counts as nothing: its loop finds out, and ends it.
     */
    private static Decision over(Admission admission) {
        return admission.phase == Phase.GONE ? Decision.GRANTED : Decision.REFUSED;
    }

    private Decision refuse(Admission admission, Metric limit, long nowNanos) {
        admission.limit = limit;
        admissions.move(admission, Phase.REFUSED, nowNanos);
        return Decision.REFUSED;
    }

    private long since(long nowNanos) {
        long since = waitedSinceNanos.getAsLong();
        return since - nowNanos < 0 ? since : nowNanos;
    }
}
