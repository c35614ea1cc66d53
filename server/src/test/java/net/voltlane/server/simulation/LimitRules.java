package net.voltlane.server.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.voltlane.server.guard.ConnectionLimits;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.guard.GuardDoors;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.WorldFailure;

/** Rules for the limits on connections, which hold whenever the server has nothing left to do. */
final class LimitRules {
    private static final long SECOND_NANOS = 1_000_000_000L;
    /** Sweeps run ten times a second, and a link's time is that of the last one. */
    private static final long SWEEPS_NANOS = 450_000_000L;
    /** Bytes that one read may bring beyond a link's allowance, with a handshake and the data behind it. */
    private static final int READ_BYTES = 2 * 1_024 + 1_024;

    /** The time that a step in the resume reserve may take. */
    static final long RESERVE_STEP_NANOS = 3 * SECOND_NANOS;

    private static final int LEAST_FRAME_BYTES = 4;

    private static final List<Metric> REFUSALS = List.of(
            Metric.REFUSED_DENIED,
            Metric.REFUSED_BANNED,
            Metric.REFUSED_MAX_CLIENTS,
            Metric.REFUSED_MAX_CLIENTS_PER_IP,
            Metric.REFUSED_MAX_CLIENTS_PER_SUBNET,
            Metric.REFUSED_CONNECT_RATE,
            Metric.REFUSED_CONNECT_RATE_PER_IP,
            Metric.REFUSED_PENDING_HANDSHAKES,
            Metric.REFUSED_PENDING_HANDSHAKES_PER_IP,
            Metric.REFUSED_DESCRIPTORS,
            Metric.REFUSED_DRAINING);

    private final World world;
    private final Rules rules;
    private final SimServer server;
    /** Honest clients that were sent away in their handshake, for which nothing but a limit accounts. */
    private final Set<LinkModel> sentAway = new HashSet<>();

    private final FairRules fair;

    LimitRules(World world) {
        fair = new FairRules(world);
        this.world = world;
        rules = world.rules;
        server = world.server;
    }

    void check() {
        ConnectionLimits limits = rules.limits().connections();
        counts(limits);
        live(limits);
        offMeansOff(limits);
        world.book.links.values().forEach(this::pace);
        if (rules.kicksForRate()) {
            world.book.links.values().forEach(this::kick);
        }
    }

    // ---- connections

    private void counts(ConnectionLimits limits) {
        long open = world.links().stream().filter(link -> !link.isClosed()).count();
        long live = world.book.links.values().stream().filter(LinkModel::isLive).count();
        long links = GuardDoors.links(server.guard);
        long handshakes = GuardDoors.handshakes(server.guard);
        unless(links >= live, links + " links are counted, and " + live + " clients live");
        unless(
                links <= open && handshakes <= open,
                links + " links, " + handshakes + " handshakes of " + open + " open");
        unless(within(limits.perIp(), GuardDoors.mostOfAnAddress(server.guard)), "an address has too many links");
        unless(within(limits.perSubnet(), GuardDoors.mostOfASubnet(server.guard)), "a subnet has too many links");
        // Of the smallest number there is one place of each kind.
        unless(within(limits.handshakes(), handshakes - (limits.handshakes() == 1 ? 1 : 0)), "too many handshakes");
    }

    private void live(ConnectionLimits limits) {
        Map<String, Integer> ofAddress = new HashMap<>();
        for (LinkModel model : world.book.links.values()) {
            if (model.isLive()) {
                int now = ofAddress.merge(model.link.from, 1, Integer::sum);
                unless(within(limits.perIp(), now), now + " live clients from " + model.link.from);
            }
        }
        int all = ofAddress.values().stream().mapToInt(Integer::intValue).sum();
        boolean cameBack = server.count(Metric.SESSIONS_RESUMED) + server.count(Metric.SESSIONS_TAKEN_OVER) > 0;
        unless(
                cameBack || within(limits.total(), all) && all <= Guard.roomForNew(rules.room()),
                all + " live clients, of whom nobody came back");
    }

    private void offMeansOff(ConnectionLimits limits) {
        RateLimits rates = rules.limits().rates();
        never(rules.limits().deny().isEmpty(), Metric.REFUSED_DENIED);
        never(!rules.bans(), Metric.REFUSED_BANNED);
        never(!rules.bans(), Metric.ADDRESSES_BANNED);
        never(limits.total() == 0, Metric.REFUSED_MAX_CLIENTS);
        never(limits.perIp() == 0, Metric.REFUSED_MAX_CLIENTS_PER_IP);
        never(limits.perSubnet() == 0, Metric.REFUSED_MAX_CLIENTS_PER_SUBNET);
        never(limits.perSec() == 0, Metric.REFUSED_CONNECT_RATE);
        never(limits.perSecPerIp() == 0, Metric.REFUSED_CONNECT_RATE_PER_IP);
        never(limits.handshakes() == 0, Metric.REFUSED_PENDING_HANDSHAKES);
        never(limits.handshakesPerIp() == 0, Metric.REFUSED_PENDING_HANDSHAKES_PER_IP);
        never(!rules.hasLittleRoom(), Metric.REFUSED_DESCRIPTORS);
        never(!server.isEnding(), Metric.REFUSED_DRAINING);
        never(!rules.limitsRates(), Metric.LINKS_PAUSED);
        never(!rules.kicksForRate(), Metric.ENDED_RATE_LIMIT);
        never(rates.idleTimeoutSecs() == 0, Metric.LINKS_IDLE);
        never(rules.edge().peerTimeoutNanos() == 0, Metric.CLIENT_PEER_UNACKNOWLEDGED);
        never(rules.uplink().peerTimeoutNanos() == 0, Metric.MASTER_PEER_UNACKNOWLEDGED);
        never(true, Metric.ADDRESSES_COUNTED_BY_NETWORK);
        unless(
                server.count(Metric.ADDRESSES_BANNED) == 0
                        || server.count(Metric.REJECTED_PROOF)
                                > rules.limits().resumes().failuresPerMinPerIp(),
                "a ban for too few wrong proofs");
    }

    private void never(boolean off, Metric metric) {
        unless(!off || server.count(metric) == 0, metric + " though there is no such limit");
    }

    /** An honest client was closed in its handshake, for no cause but a limit. */
    void sentAway(LinkModel model) {
        boolean mayBeRefused = rules.limitsConnections() || server.isEnding();
        WorldFailure.unless(mayBeRefused, 0, model + " was sent away in its handshake");
        WorldFailure.unless(
                model.returnsTo != null || model.wanted() == null, 0, model + " was sent away with a session");
        fair.sentAway(model);
        takesOver(model);
        comesBack(model);
        sentAway.add(model);
        long refused = REFUSALS.stream().mapToLong(server::count).sum();
        if (server.count(Metric.RESUME_RESERVE_ENTERED) > 0) {
            refused += server.count(Metric.REJECTED_TIMEOUT); // a step in the reserve has a short time
        }
        unless(sentAway.size() <= refused, sentAway.size() + " were sent away, and " + refused + " are counted");
    }

    /** Its own old link is nothing that stands against it, though another handshake may get its place until then. */
    private void takesOver(LinkModel model) {
        SessionModel life = model.returnsTo;
        if (life != null && model.isProofRead() && !mayHaveGivenWay(model)) {
            for (LinkModel other : life.links) {
                life.unless(
                        !(other.isLive()
                                && other.link.serial < model.link.serial
                                && other.link.from.equals(model.link.from)),
                        model + " was refused for a session that lives on " + other);
            }
        }
    }

    /** A place is kept for whoever comes back, unless another is in it or comes after. */
    private void comesBack(LinkModel model) {
        boolean alone = model.link.reserveWhenAccepted == 0
                && server.count(Metric.RESUME_RESERVE_ENTERED) - model.link.reserveEnteredBefore <= 1;
        unless(
                model.returnsTo == null
                        || rules.limitsAddresses()
                        || !alone
                        || mayHaveGivenWay(model)
                        || world.pauses.fairSince(model.link.acceptedAtNanos) >= RESERVE_STEP_NANOS,
                model + " came back, alone, and was sent away");
    }

    /** Some handshake had to make room since this one began. */
    private boolean mayHaveGivenWay(LinkModel model) {
        return FairRules.gaveWay(server) > model.link.gaveWayBefore;
    }

    private static boolean within(long limit, long now) {
        return limit == 0 || now <= limit;
    }

    // ---- rates

    private void pace(LinkModel model) {
        if (!rules.limitsRates() || !model.isOfALivingSession()) {
            return; // whatever comes behind the end of a session is discarded as fast as it comes
        }
        RateLimits rates = rules.limits().rates();
        double burst = model.returnsTo == null ? 1 : 0; // who comes back begins with nothing saved up
        double secs = burst + (double) (world.now() - model.link.waitedSinceNanos + SWEEPS_NANOS) / SECOND_NANOS;
        unless(
                rates.bytesPerSec() == 0 || model.link.readBytes() <= rates.bytesPerSec() * secs + READ_BYTES,
                model + ": " + model.link.readBytes() + " bytes were read");
        unless(
                rates.packetsPerSec() == 0
                        || model.wholeRead() <= rates.packetsPerSec() * secs + READ_BYTES / LEAST_FRAME_BYTES,
                model + ": " + model.wholeRead() + " packets were read");
    }

    /** A new client that has sent more than it may by now, and whom nobody held back, does not outlive a sweep. */
    private void kick(LinkModel model) {
        if (model.returnsTo != null
                || model.link.wasHeldBack()
                || !model.isOfALivingSession()
                || world.pauses.servedSince(model.link.lastReadNanos()) < SWEEPS_NANOS
                || world.pauses.servedSince(model.joinedAtNanos()) < SWEEPS_NANOS) {
            return;
        }
        RateLimits rates = rules.limits().rates();
        long swept = model.link.sweptBeforeNanos;
        long waited = model.link.waitedSinceNanos;
        long before = waited - swept < 0 ? waited : swept;
        double secs = 1 + (double) (world.now() - before + SWEEPS_NANOS) / SECOND_NANOS;
        unless(
                rates.bytesPerSec() == 0 || model.readBytesOfSession() <= rates.bytesPerSec() * secs,
                model + " has sent too many bytes, and is live");
        unless(
                rates.packetsPerSec() == 0 || model.wholeRead() <= rates.packetsPerSec() * secs,
                model + " has sent too many packets, and is live");
    }

    /** It may be that it has sent too much, and is not read from for as long. */
    boolean isPaused(SimLink link) {
        if (!rules.limitsRates() || link.channel.pipeline().get("link") == null) {
            return false;
        }
        LinkModel model = world.book.links.get(link.serial);
        if (model != null && !model.mayBeOverRate()) {
            return model.returnsTo != null && hasNothingSavedUp(model);
        }
        RateLimits rates = rules.limits().rates();
        double secs = Math.max(
                rates.bytesPerSec() == 0 ? 0 : (double) READ_BYTES / rates.bytesPerSec(),
                rates.packetsPerSec() == 0 ? 0 : (double) READ_BYTES / LEAST_FRAME_BYTES / rates.packetsPerSec());
        secs++; // who has just come back may owe as much
        return world.pauses.servedSince(link.lastMoveNanos()) <= secs * SECOND_NANOS + SWEEPS_NANOS;
    }

    /**
     * True if the client has just come back. It begins with no allowance: nothing is read before it may send its first
     * packet or byte.
     */
    private boolean hasNothingSavedUp(LinkModel model) {
        RateLimits rates = rules.limits().rates();
        long first = Math.max(
                rates.packetsPerSec() == 0 ? 0 : SECOND_NANOS / rates.packetsPerSec(),
                rates.bytesPerSec() == 0 ? 0 : SECOND_NANOS / rates.bytesPerSec());
        long since = model.isJoined() ? model.joinedAtNanos() : model.link.lastMoveNanos();
        return world.pauses.servedSince(since) <= first + SWEEPS_NANOS;
    }

    static void unless(boolean fine, String message) {
        WorldFailure.unless(fine, 0, message);
    }
}
