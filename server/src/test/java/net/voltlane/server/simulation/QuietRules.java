package net.voltlane.server.simulation;

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
    private final QuietRules3 thirds;
    private final Rules rules;
    private final SimServer server;

    QuietRules(World world) {
        this.world = world;
        limits = new LimitRules(world);
        thirds = new QuietRules3(world);
        rules = world.rules;
        server = world.server;
    }

    void check() {
        if (server.isClosed()) {
            return; // it leaves everything as it lies
        }
        world.links().forEach(this::link);
        world.book.links.values().forEach(this::judge);
        world.book.lives().forEach(this::life);
        thirds.check();
        toMaster();
        fromMaster();
        limits.check();
        unless(server.budget.heldBytes() >= 0, "the budget is below zero");
        unless(
                !server.budget.isExceeded() || thirds.mayHoldTheirLast(),
                "holds " + server.budget.chargedBytes() + " bytes: more than it may");
    }

    /** The ends of every session of version 3 have got all. */
    boolean isHealed() {
        return thirds.isHealed() && world.master.isAcknowledged();
    }

    /** All is well, and has been for a while. */
    void healed() {
        check();
        thirds.healed();
        unless(world.master.isAcknowledged(), "what the backend has sent is not acknowledged");
        long held = server.budget.heldBytes();
        unless(
                mayKeepSomething() || held == thirds.credentialsBytes(),
                held + " bytes are held, of which " + thirds.credentialsBytes() + " are credentials");
    }

    /** Something waits for somebody, or half a frame of somebody is kept. */
    private boolean mayKeepSomething() {
        return thirds.mayKeepSomething()
                || rules.limitsRates()
                || !world.master.hasAll()
                || !world.master.hasAcknowledged()
                || world.book.mayKeepSomething()
                || world.book.links.values().stream().anyMatch(LinkModel::isTooLarge)
                || world.links().stream().anyMatch(QuietRules::mayBeKeptFor);
    }

    private static boolean mayBeKeptFor(SimLink link) {
        boolean handshakes = link.channel.pipeline().get("handshake") != null;
        boolean waits = !link.isRoomy() || !link.isMoved() || link.channel.unreadBytes() > 0;
        return !link.isClosed() && (handshakes || waits || link.isShut());
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

    private void judge(LinkModel model) {
        if (model.link.isClosed() && model.link.isCut()) {
            return;
        }
        SessionModel life = model.life();
        if (life == null) {
            notTakenYet(model);
            return;
        }
        boolean superseded = model.number() < life.moves();
        boolean ended = life.failed() != null || (!life.isHeard() && life.mayHaveEnded());
        if (model.link.isCut() || superseded || ended || model.link.isClosedForSilence()) {
            life.unless(
                    !superseded || model.link.isShut(), model + " is still open though another link has taken over");
            return;
        }
        if (model.link.isShut() && life.mayHaveMovedFrom(model)) {
            return;
        }
        life.unless(!model.link.isShut() || rules.isMemoryBounded(), model + " was closed without a cause");
        life.unless(
                model.forwardedPackets() == model.wholeRead(),
                model + ": " + model.wholeRead() + " packets read, but " + model.forwardedPackets() + " forwarded");
        life.unless(
                !server.gate.isShut() || model.link.readWhileShut() <= SMALL_READ_BYTES,
                model + ": " + model.link.readWhileShut() + " bytes were read though clients are held back");
        if (model.link.isRoomy()) {
            life.unless(
                    life.takenPackets() == life.duePackets(),
                    model + " reads, but got " + life.takenPackets() + " of " + life.duePackets());
        }
        bounds(model, life);
    }

    private void bounds(LinkModel model, SessionModel life) {
        int packets = life.waitingPackets();
        boolean over = packets > 1
                && (packets > rules.edge().channel().packets()
                        || life.waitingBytes() > rules.edge().channel().bytes());
        life.unless(
                !over || server.junction.isBlocked(),
                model + " is over its bounds: " + packets + " packets, " + life.waitingBytes() + " bytes wait");
    }

    /** Honest clients are not sent away in their handshake. */
    private void notTakenYet(LinkModel model) {
        SessionModel life = model.wanted();
        boolean mayBeSentAway = model.link.isCut()
                || rules.isMemoryBounded()
                || server.isStopping()
                || server.isEnding() && model.returnsTo == null
                || model.isTooLarge()
                || rules.firehose3() && model.returnsTo == null // kicked by a backend that was told before it
                || (rules.kicksForRate() && model.mayBeOverRate())
                || model.link.isClosedForSilence()
                || world.pauses.fairSince(model.link.acceptedAtNanos)
                        >= rules.edge().handshakeTimeoutNanos()
                || (life != null && (life.links.size() > 2 || !isThere(life)));
        if (model.link.isShut() && !mayBeSentAway) {
            limits.sentAway(model);
        } else if (!mayBeSentAway && model.isProofRead() && model.link.isRoomy()) {
            unless(false, model + " has done all for its session, and was not told of it");
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
            for (LinkModel model : life.links) {
                boolean read = model.life() == life
                        && model.number() == life.moves()
                        && !model.link.wasEverFull()
                        && !model.link.isCut()
                        && !model.link.isClosedForSilence();
                life.unless(
                        !read || life.hasGotItsLast() || rules.isMemoryBounded(),
                        model + " reads, and has not got what was sent before the end");
                life.unless(
                        !model.isJoined()
                                || model.link.isShut()
                                || world.pauses.overdue(life.failedAtNanos(), DELIVERY_NANOS) <= SWEEP_NANOS,
                        model + " is still open though its session failed long ago");
            }
            return;
        }
        life.unless(!life.isKicked() || !isThere, "was kicked and is still there");
        life.unless(!life.isKicked() || !life.isHeard(), "was kicked, and no Failure came");
        boolean away = life.links.stream().allMatch(model -> model.link.isClosed());
        life.seen(away);
        if (!away) {
            if (life.links.stream().anyMatch(LinkModel::isLive) && !(life.mayHaveEnded() && !life.isHeard())) {
                life.unless(isThere || server.isEnding(), "is live and can't be resumed");
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
        long away = life.links.stream()
                .filter(LinkModel::isJoined)
                .mapToLong(model -> world.pauses.fairSince(model.link.givenUpAtNanos()))
                .min()
                .orElse(Long.MAX_VALUE);
        boolean surelyInTime = away < timeout;
        boolean mayBeGone = !life.isHeard() && life.mayHaveEnded();
        life.unless(isThere || !surelyInTime || mayBeGone || server.isEnding(), "is away, and can't be resumed");
        life.unless(!isThere || life.isWithinMissed(), "keeps too much for an absent client");
    }

    // ---- the master ----

    private void toMaster() {
        if (world.master.isConnected() && world.master.isRoomy() && world.master.isReady()) {
            unless(world.master.hasAll(), "the master reads, and has not got all");
        }
        SimMaster.Waiting waiting = world.master.waiting();
        boolean atBound = waiting.packets() >= rules.uplink().queuePackets()
                || waiting.bytes() >= rules.uplink().queueBytes();
        boolean shut = server.gate.isShut();
        unless(!atBound || shut, waiting + " waits, and the gate is open");
        // A socket tells when it has taken all that it was offered: a Failure at the offer's end is waited for as well.
        unless(!world.master.hasAll() || waiting.packets() > 0 || !shut, "the gate is shut, and nothing waits");
    }

    private void fromMaster() {
        if (!rules.edge().blocksOnOverflow() || !server.junction.isBlocked()) {
            unless(world.master.unreadBytes() == 0, "the firehose is not read, and nobody blocks it");
        } else {
            boolean somebody = world.book.lives().stream().anyMatch(life -> life.waitingPackets() > 0);
            boolean third = world.book.thirds.all().stream().anyMatch(session -> session.keptFrames() > 0);
            unless(somebody || third, "the firehose is blocked by nobody");
        }
    }

    private static void unless(boolean fine, String message) {
        WorldFailure.unless(fine, 0, message);
    }
}
