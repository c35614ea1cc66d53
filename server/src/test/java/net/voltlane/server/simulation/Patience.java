package net.voltlane.server.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.voltlane.protocol.Reason;

/**
 * A check that the server finds peers that have vanished and clients that are idle, while nothing happens but that time
 * passes.
 */
final class Patience {
    private static final long TENTH_NANOS = 100_000_000L;
    /** A look at each link that may have lost its peer, and the sweeps over which those are spread. */
    private static final long LOOK_NANOS = 1_000_000_000L + 17 * TENTH_NANOS;
    /** The server may just have been paused: then its time stands a little. */
    private static final long LATE_NANOS = 5 * TENTH_NANOS;

    private final World world;
    private final Rules rules;
    /** Links that have lost their peers, each with the packets that were due to its session's client by then. */
    private final Map<LinkModel, Integer> vanished = new LinkedHashMap<>();

    private final List<LinkModel> silent = new ArrayList<>();
    private final boolean masterVanished;
    private final int masterLinks;
    private boolean heldBack;

    /** The server has nothing left to do at this moment. */
    Patience(World world) {
        this.world = world;
        rules = world.rules;
        for (LinkModel model : world.book.links.values()) {
            if (model.isOfALivingSession()) {
                silent.add(model);
                if (model.link.isUnanswered()) {
                    vanished.put(model, model.life().duePackets());
                }
            }
        }
        masterVanished = world.master.isConnected() && world.master.isUnanswered();
        masterLinks = world.master.links();
        look();
    }

    /** The time until the server must have found all of them. */
    long tenthsOfASecond() {
        long clients = rules.edge().peerTimeoutNanos();
        long master = rules.uplink().peerTimeoutNanos();
        long peers = Math.max(clients, master);
        long idle = rules.idleNanos();
        // A silent link is found up to a quarter of its time too late.
        long nanos = Math.max(
                peers == 0 ? 0 : peers + 2 * LOOK_NANOS + LATE_NANOS,
                idle == 0 ? 0 : idle + idle / 4 + 3 * TENTH_NANOS + LATE_NANOS);
        // What another loop held the executor's places for waits for a sweep.
        return Math.max(nanos / TENTH_NANOS + 1, rules.loops());
    }

    /** A moment has passed. */
    void look() {
        heldBack |= world.isGateShut();
    }

    void check() {
        if (world.server.isClosed() || world.server.isEnding()) {
            return;
        }
        if (rules.edge().peerTimeoutNanos() > 0) {
            vanished.forEach((model, due) -> {
                SessionModel life = model.life();
                life.unless(model.link.isClosed(), model + " has lost its client, and is open");
                life.unless(
                        life.failed() != Reason.BUFFER_OVERFLOW || life.duePackets() > due,
                        model + " failed though its client had vanished");
            });
        }
        if (rules.idleNanos() > 0 && !rules.limitsRates() && !heldBack) {
            // Who was kicked meanwhile gets what was sent before, in the time for that.
            silent.forEach(model ->
                    model.life().unless(!model.isLive() || model.life().isKicked(), model + " is silent, and open"));
        }
        if (rules.uplink().peerTimeoutNanos() > 0 && masterVanished) {
            boolean there = world.master.links() == masterLinks && world.master.isConnected();
            world.book.lives().stream().findAny().ifPresent(life -> life.unless(!there, "the master has vanished"));
        }
    }
}
