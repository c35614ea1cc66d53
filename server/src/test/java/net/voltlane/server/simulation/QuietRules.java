package net.voltlane.server.simulation;

import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Tag;
import net.voltlane.server.session.SessionDoors;
import net.voltlane.server.session.WorldFailure;

/**
 * Rules that hold whenever the server has nothing left to do: nothing waits that could have been sent, every link and
 * session whose time is over is gone, and every bound holds.
 */
final class QuietRules {
    /** Sweeps run ten times a second, and the first one after a pause ends nothing. */
    private static final long SWEEP_NANOS = 400_000_000L;

    private static final long LINGER_NANOS = 5_000_000_000L;
    /** A link that delivers its last and shows progress may take six times as long. */
    private static final long DELIVERY_NANOS = 6 * LINGER_NANOS;

    /** The size of the small read of a link that is held back; there is no second one. */
    private static final int SMALL_READ_BYTES = 512;

    private final World world;
    private final LimitRules limits;
    private final Rules rules;
    private final SimServer server;

    QuietRules(World world) {
        this.world = world;
        limits = new LimitRules(world);
        rules = world.rules;
        server = world.server;
    }

    void check() {
        if (server.isClosed()) {
            return; // it leaves everything as it lies
        }
        world.links().forEach(this::link);
        world.book.visits.values().forEach(this::visit);
        world.book.lives().forEach(this::life);
        toMaster();
        fromMaster();
        limits.check();
        unless(server.budget.heldBytes() >= 0, "the budget is below zero");
        unless(!server.budget.isExceeded(), "holds " + server.budget.chargedBytes() + " bytes: more than it may");
    }

    // ---- links ----

    private void link(SimLink link) {
        if (link.isClosed()) {
            return;
        }
        if (link.isShut() && !link.seenShut) {
            link.seenShut = true;
            link.shutSinceNanos = world.now();
        }
        unless(
                !link.seenShut || world.pauses.overdue(link.shutSinceNanos, LINGER_NANOS) <= SWEEP_NANOS,
                link + " lingers for too long");
        unless(
                server.gate.isShut() || link.isCut() || link.channel.unreadBytes() == 0 || limits.isPaused(link),
                link + ": " + link.channel.unreadBytes() + " bytes are not read");
        boolean handshakes = link.channel.pipeline().get("handshake") != null;
        unless(
                !handshakes
                        || world.pauses.overdueFrom(
                                        link.takenUpServedNanos, rules.edge().handshakeTimeoutNanos())
                                <= SWEEP_NANOS,
                link + " is in its handshake for too long");
        unless(!handshakes || !server.isStopping(), link + " is in its handshake though the server stops");
    }

    private void visit(LinkModel visit) {
        if (visit.link.isClosed() && visit.link.isCut()) {
            return;
        }
        SessionModel life = visit.life();
        if (life == null) {
            strangerSoFar(visit);
            return;
        }
        boolean superseded = visit.number() < life.moves();
        boolean ended = life.failed() != null || (!life.isHeard() && life.mayHaveEnded());
        if (visit.link.isCut() || superseded || ended || visit.link.isClosedForSilence()) {
            life.unless(
                    !superseded || visit.link.isShut(), visit + " is still open though another link has taken over");
            return;
        }
        if (visit.link.isShut() && life.mayHaveMovedFrom(visit)) {
            return;
        }
        life.unless(!visit.link.isShut() || rules.isMemoryBounded(), visit + " was closed without a cause");
        life.unless(
                visit.forwardedPackets() == visit.wholeRead(),
                visit + ": " + visit.wholeRead() + " packets read, but " + visit.forwardedPackets() + " forwarded");
        life.unless(
                !server.gate.isShut() || visit.link.readWhileShut() <= SMALL_READ_BYTES,
                visit + ": " + visit.link.readWhileShut() + " bytes were read though clients are held back");
        if (visit.link.isRoomy()) {
            life.unless(
                    life.takenPackets() == life.duePackets(),
                    visit + " reads, but got " + life.takenPackets() + " of " + life.duePackets());
        }
        bounds(visit, life);
    }

    private void bounds(LinkModel visit, SessionModel life) {
        int packets = life.waitingPackets();
        boolean over = packets > 1
                && (packets > rules.edge().channel().packets()
                        || life.waitingBytes() > rules.edge().channel().bytes());
        life.unless(
                !over || server.junction.isBlocked(),
                visit + " is over its bounds: " + packets + " packets, " + life.waitingBytes() + " bytes wait");
    }

    /** Honest clients are not sent away in their handshake. */
    private void strangerSoFar(LinkModel visit) {
        SessionModel life = visit.wanted();
        boolean mayBeSentAway = visit.link.isCut()
                || rules.isMemoryBounded()
                || server.isStopping()
                || visit.isTooLarge()
                || (rules.kicksForRate() && visit.mayBeOverRate())
                || visit.link.isClosedForSilence()
                || world.pauses.fairSince(visit.link.acceptedAtNanos)
                        >= rules.edge().handshakeTimeoutNanos()
                || (life != null && (life.visits.size() > 2 || !isThere(life)));
        if (visit.link.isShut() && !mayBeSentAway) {
            limits.sentAway(visit);
        } else if (!mayBeSentAway && visit.isProofRead() && visit.link.isRoomy()) {
            unless(false, visit + " has done all for its session, and was not told of it");
        }
    }

    // ---- sessions ----

    private boolean isThere(SessionModel life) {
        return SessionDoors.isResumable(server.sessions, life.id);
    }

    private void life(SessionModel life) {
        boolean isThere = isThere(life);
        if (life.failed() != null) {
            life.unless(!isThere, "can be resumed though it has failed");
            for (LinkModel visit : life.visits) {
                boolean read = visit.life() == life
                        && visit.number() == life.moves()
                        && !visit.link.wasEverFull()
                        && !visit.link.isCut()
                        && !visit.link.isClosedForSilence();
                life.unless(
                        !read || life.hasGotItsLast() || rules.isMemoryBounded(),
                        visit + " reads, and has not got what was sent before the end");
                life.unless(
                        !visit.isJoined()
                                || visit.link.isShut()
                                || world.pauses.overdue(life.failedAtNanos(), DELIVERY_NANOS) <= SWEEP_NANOS,
                        visit + " is still open though its session failed long ago");
            }
            return;
        }
        life.unless(!life.isKicked() || !isThere, "was kicked and is still there");
        life.unless(!life.isKicked() || !life.isHeard(), "was kicked, and no Failure came");
        boolean away = life.visits.stream().allMatch(visit -> visit.link.isClosed());
        life.seen(away);
        if (!away) {
            if (life.visits.stream().anyMatch(LinkModel::isLive) && !(life.mayHaveEnded() && !life.isHeard())) {
                life.unless(isThere || server.isStopping(), "is live and can't be resumed");
            }
            return;
        }
        away(life, isThere);
    }

    private void away(SessionModel life, boolean isThere) {
        long timeout = rules.keepsStale() ? rules.sessions().staleTimeoutNanos() : 0;
        long servedAway = world.pauses.servedSince(life.awaySinceNanos());
        boolean overdue = servedAway >= timeout;
        life.unless(!overdue || !isThere, "can be resumed though its stale time is over");
        boolean reaped = world.pauses.overdue(life.awaySinceNanos(), timeout) >= rules.reapNanos();
        life.unless(!reaped || !life.isHeard(), "its stale time is over, and no Failure came");
        long away = life.visits.stream()
                .filter(LinkModel::isJoined)
                .mapToLong(visit -> world.pauses.fairSince(visit.link.givenUpAtNanos()))
                .min()
                .orElse(Long.MAX_VALUE);
        boolean surelyInTime = away < timeout;
        boolean mayBeGone = !life.isHeard() && life.mayHaveEnded();
        life.unless(isThere || !surelyInTime || mayBeGone || server.isStopping(), "is away, and can't be resumed");
        life.unless(!isThere || life.isWithinMissed(), "keeps too much for an absent client");
    }

    // ---- the master ----

    private void toMaster() {
        if (world.master.isConnected() && world.master.isRoomy()) {
            unless(world.master.hasAll(), "the master reads, and has not got all");
        }
        int packets = 0;
        long bytes = 0;
        var stream = server.junction.stream();
        for (int i = world.master.position(); i < stream.size(); i++) {
            byte[] payload = stream.get(i);
            if (payload[Tag.BYTES - 1] == Flag.DATA.code()) {
                packets++;
                bytes += Frame.PREFIX_BYTES + payload.length;
            }
        }
        boolean atBound = packets >= rules.uplink().queuePackets()
                || bytes >= rules.uplink().queueBytes();
        boolean shut = server.gate.isShut();
        unless(!atBound || shut, packets + " packets, " + bytes + " bytes wait: the gate is open");
        // A socket tells when it has taken all that it was offered: a Failure at the offer's end is waited for as well.
        unless(!world.master.hasAll() || !shut, "the gate is shut, and nothing waits");
    }

    private void fromMaster() {
        if (!rules.edge().blocksOnOverflow() || !server.junction.isBlocked()) {
            unless(world.master.unreadBytes() == 0, "the firehose is not read, and nobody blocks it");
        } else {
            boolean somebody = world.book.lives().stream().anyMatch(life -> life.waitingPackets() > 0);
            unless(somebody, "the firehose is blocked by nobody");
        }
    }

    private static void unless(boolean fine, String message) {
        WorldFailure.unless(fine, 0, message);
    }
}
