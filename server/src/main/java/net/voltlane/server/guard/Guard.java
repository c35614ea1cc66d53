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
    /** A place in the table takes about 200 bytes. */
    private static final int MAX_SOURCES = 1 << 17;
    /** The part of all handshakes that is kept for those who come back. */
    private static final long LANE_SHARE = 4;
    /** The part of the machine's room for connections that is kept for them, and how many these are at the most. */
    private static final int LANE_SHARE_OF_ROOM = 8;

    private static final int LANE_MOST_OF_ROOM = 8 * 1024;
    /** Places in the lane where the number of handshakes has no limit: as many as by the default of that. */
    private static final long LANE_WITHOUT_LIMIT = 2_500;

    /**
     * So many replaced links of an address may wait for their end and count nowhere: a phone that changes networks
     * leaves one behind. More take the place of the address's handshakes.
     */
    private static final int FREE_REPLACED = 8;

    private static final int HOST_BITS_V4 = 32;
    private static final int SUBNET_BITS_V4 = 24;
    private static final int SUBNET_BITS_V6 = 64;

    private final LongSupplier nanoClock;
    private final LongSupplier waitedSinceNanos;
    private volatile GuardLimits limits;
    private volatile int room = Integer.MAX_VALUE;
    private volatile Metric overRoom = Metric.REFUSED_DESCRIPTORS;

    // The rest is guarded by this.

    /** Written under the lock only, which makes its threads one. */
    private final Counters counters;

    final SourceTable addresses;
    final SourceTable subnets;
    private final TokenBucket connects;
    long links;
    long handshakes;
    long inLane;

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
        addresses = new SourceTable(maxSources);
        subnets = new SourceTable(maxSources);
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
        room = connections;
    }

    /**
     * Of {@code room} connections those that may be handshakes of strangers, or their links: else nobody could come
     * back.
     */
    public static int roomForNew(int room) {
        return room - Math.min(room / LANE_SHARE_OF_ROOM, LANE_MOST_OF_ROOM);
    }

    /** A connection was accepted; the answer says whether it may begin its handshake. */
    public Visit arrives(InetAddress from) {
        Cidr address = Cidr.of(from);
        Visit visit = new Visit(address);
        GuardLimits now = limits;
        if (now.deny().contains(address)
                || !now.allow().isEmpty() && !now.allow().contains(address)) {
            visit.limit = Metric.REFUSED_DENIED;
        } else {
            arrives(visit, address, now);
        }
        return visit;
    }

    private synchronized void arrives(Visit visit, Cidr from, GuardLimits now) {
        long nowNanos = nanoClock.getAsLong();
        ConnectionLimits bounds = now.connections();
        Source address = now.watchAddresses() ? source(addresses, host(from), nowNanos) : null;
        Source subnet = bounds.perSubnet() > 0 ? source(subnets, subnet(from), nowNanos) : null;
        visit.limit = refusal(address, subnet, bounds, nowNanos);
        if (visit.limit != null) {
            return;
        }
        visit.limit = limitOnNewSessions(address, subnet, bounds);
        if (visit.limit == null && links + handshakes >= roomForNew(room)) {
            visit.limit = overRoom;
        }
        if (visit.limit == null && handshakes >= forAll(bounds)) {
            visit.limit = Metric.REFUSED_PENDING_HANDSHAKES;
        }
        if (visit.limit == null && bounds.perSec() > 0 && !connects.take(since(nowNanos), nowNanos, bounds.perSec())) {
            visit.limit = Metric.REFUSED_CONNECT_RATE;
        }
        visit.address = address;
        visit.subnet = subnet;
        if (visit.limit == null) {
            handshakes++;
            enter(visit, Visit.Place.HANDSHAKE);
        } else {
            enterLane(visit, bounds);
        }
    }

    /** What no lane helps against. */
    private @Nullable Metric refusal(
            @Nullable Source address, @Nullable Source subnet, ConnectionLimits bounds, long nowNanos) {
        if (address != null && address.isBanned(nowNanos)) {
            return Metric.REFUSED_BANNED;
        }
        if (address != null
                && bounds.perSecPerIp() > 0
                && !address.connects.take(since(nowNanos), nowNanos, bounds.perSecPerIp())) {
            return Metric.REFUSED_CONNECT_RATE_PER_IP;
        }
        if (address != null
                && isOver(bounds.perIp(), address.handshakes + Math.max(0, address.replaced - FREE_REPLACED))) {
            return Metric.REFUSED_MAX_CLIENTS_PER_IP;
        }
        if (subnet != null && isOver(bounds.perSubnet(), subnet.handshakes)) {
            return Metric.REFUSED_MAX_CLIENTS_PER_SUBNET;
        }
        return null;
    }

    private @Nullable Metric limitOnNewSessions(
            @Nullable Source address, @Nullable Source subnet, ConnectionLimits bounds) {
        if (isOver(bounds.total(), links)) {
            return Metric.REFUSED_MAX_CLIENTS;
        }
        return limitOnLinks(address, subnet, bounds);
    }

    private static @Nullable Metric limitOnLinks(
            @Nullable Source address, @Nullable Source subnet, ConnectionLimits bounds) {
        if (address != null && isOver(bounds.perIp(), address.links)) {
            return Metric.REFUSED_MAX_CLIENTS_PER_IP;
        }
        if (subnet != null && isOver(bounds.perSubnet(), subnet.links)) {
            return Metric.REFUSED_MAX_CLIENTS_PER_SUBNET;
        }
        return null;
    }

    /** For one that waits for the lane, once a place there was given up; true where it is admitted now. */
    public synchronized boolean entersLane(Visit visit) {
        enterLane(visit, limits.connections());
        return visit.isAdmitted();
    }

    private void enterLane(Visit visit, ConnectionLimits bounds) {
        if (inLane >= lane(bounds)) {
            visit.place = Visit.Place.LANE_FULL;
        } else {
            inLane++;
            counters.count(Metric.RESUME_LANE_ENTERED);
            enter(visit, Visit.Place.LANE);
        }
    }

    private static void enter(Visit visit, Visit.Place place) {
        visit.place = place;
        if (visit.address != null) {
            visit.address.handshakes++;
        }
        if (visit.subnet != null) {
            visit.subnet.handshakes++;
        }
    }

    /** The second packet is a key: null where a new session may be opened, else the limit that stands against it. */
    public synchronized @Nullable Metric opens(Visit visit) {
        if (visit.isInLane()) {
            return visit.limit;
        }
        Metric limit = limitOnNewSessions(visit.address, visit.subnet, limits.connections());
        if (limit == null) {
            countLink(visit);
        }
        return limit;
    }

    /**
     * The second packet is an id, whosever it is: false where its address was banned since it came. What it had opened
     * before would be so many guesses more.
     */
    public synchronized boolean mayProve(Visit visit) {
        return visit.address == null || !visit.address.isBanned(nanoClock.getAsLong());
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
        boolean replaces = replaced != null && replaced.isLink;
        if (replaces) {
            uncountLink(replaced);
        }
        leaveHandshake(visit);
        Metric limit = limitOnLinks(visit.address, visit.subnet, limits.connections());
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
        ResumeLimits resumes = limits.resumes();
        Source address = visit.address;
        long nowNanos = nanoClock.getAsLong();
        if (resumes.isOff()
                || address == null
                || address.isBanned(nowNanos)
                || address.failures.take(since(nowNanos), nowNanos, resumes.failuresPerMinPerIp())) {
            return false;
        }
        address.ban(nowNanos, TimeUnit.SECONDS.toNanos(resumes.banSecs()));
        counters.count(Metric.ADDRESSES_BANNED);
        return true;
    }

    /** Its handshake is done, and its session will be opened. */
    public synchronized void handshakeDone(Visit visit) {
        leaveHandshake(visit);
    }

    /** It has gone; a second call does nothing. */
    public synchronized void leaves(Visit visit) {
        if (visit.gone) {
            return;
        }
        visit.gone = true;
        leaveHandshake(visit);
        if (visit.isLink) {
            uncountLink(visit);
        }
        if (visit.isReplaced && visit.address != null) {
            visit.address.replaced--;
        }
        if (visit.address != null) {
            addresses.forgetIfIdle(visit.address, nanoClock.getAsLong());
        }
        if (visit.subnet != null) {
            subnets.forgetIfIdle(visit.subnet, nanoClock.getAsLong());
        }
    }

    private void leaveHandshake(Visit visit) {
        if (!visit.isAdmitted()) {
            return;
        }
        if (visit.isInLane()) {
            inLane--;
        } else {
            handshakes--;
        }
        visit.place = Visit.Place.OUTSIDE;
        if (visit.address != null) {
            visit.address.handshakes--;
        }
        if (visit.subnet != null) {
            visit.subnet.handshakes--;
        }
    }

    private void countLink(Visit visit) {
        visit.isLink = true;
        addLinks(visit, 1);
    }

    /** It is a link no more, and its socket is open until its peer closes it as well, or its time is over. */
    private static void replaced(Visit visit) {
        if (!visit.gone && visit.address != null) {
            visit.isReplaced = true;
            visit.address.replaced++;
        }
    }

    private void uncountLink(Visit visit) {
        visit.isLink = false;
        addLinks(visit, -1);
    }

    private void addLinks(Visit visit, int n) {
        links += n;
        if (visit.address != null) {
            visit.address.links += n;
        }
        if (visit.subnet != null) {
            visit.subnet.links += n;
        }
    }

    /**
     * Where the table is full the connection goes uncounted: whoever has so many addresses is not stopped by limits on
     * each of them, and to refuse would lock everybody else out. The limits on all together still hold.
     */
    private @Nullable Source source(SourceTable table, Cidr network, long nowNanos) {
        Source source = table.findOrAdd(network, nowNanos);
        if (source == null) {
            counters.count(Metric.ADDRESSES_UNCOUNTED);
        }
        return source;
    }

    private long since(long nowNanos) {
        long since = waitedSinceNanos.getAsLong();
        return since - nowNanos < 0 ? since : nowNanos;
    }

    /** An IPv6 host may take any address of its /64, so that is what counts as one. */
    private static Cidr host(Cidr address) {
        return address.network(address.isV4() ? HOST_BITS_V4 : SUBNET_BITS_V6);
    }

    private static Cidr subnet(Cidr address) {
        return address.network(address.isV4() ? SUBNET_BITS_V4 : SUBNET_BITS_V6);
    }

    private static boolean isOver(long limit, long now) {
        return limit > 0 && now >= limit;
    }

    private long lane(ConnectionLimits bounds) {
        long share = bounds.handshakes() == 0 ? LANE_WITHOUT_LIMIT : bounds.handshakes() / LANE_SHARE;
        // Half of what is kept: the other half is for whom one in a full lane has to give way to, and for closing
        // links.
        return Math.max(1, Math.min(share, (room - roomForNew(room)) / 2));
    }

    /** Handshakes of those of whom nobody knows yet what they want. */
    private long forAll(ConnectionLimits bounds) {
        return bounds.handshakes() == 0 ? Long.MAX_VALUE : Math.max(1, bounds.handshakes() - lane(bounds));
    }
}
