package net.voltlane.server.simulation;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import net.voltlane.protocol.Reason;
import net.voltlane.server.guard.GuardDoors;
import net.voltlane.server.guard.InetAddresses;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.ManualLoop;
import net.voltlane.server.link.ServedTimeDoors;
import net.voltlane.server.session.SessionDoors;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.server.session.WorldTrace;

/**
 * A server, a master, honest clients and strangers, the networks between them and their time, all driven by one seed.
 * Each step one thing happens, then some loops run a little; every event is judged at once, and now and then, when
 * everything that could go on has, the {@link QuietRules} are.
 */
final class World {
    private static final long CONNECT_TIMEOUT_NANOS = Rules.seconds(5);
    private static final int KEPT_ANSWERS = 16;

    private static final int SWEEP_MILLIS = 100;

    final WorldTrace trace;
    final Dice dice;
    final Rules rules;
    final ProtocolModel book;
    final SimServer server;
    final Pauses pauses;
    final SimMaster master;
    final SecureRandom clientRandom;
    final FairRules fair;
    private final QuietRules quiet;
    private final Complaints complaints;

    private final int[] weights;
    private final List<SimLink> links = new ArrayList<>();
    private final List<HonestClient> clients = new ArrayList<>();
    private final List<Outsider> strangers = new ArrayList<>();
    private final List<byte[]> answers = new ArrayList<>();
    private int linksEver;
    private int cuts;
    private int step = -1;
    private long settledAtNanos;

    World(long seed, int mostClients, boolean traced, Complaints complaints) {
        FakeChannel.forgetDialled();
        trace = new WorldTrace(traced);
        this.complaints = complaints;
        complaints.forget();
        dice = new Dice(seed);
        rules = Rules.of(dice, mostClients);
        weights = Act.weights(dice, rules);
        clientRandom = new SeededSecureRandom(seed + 1);
        book = new ProtocolModel(this);
        Dice ids = new Dice(seed + 2);
        server = new SimServer(rules, book, dice, seed + 3, () -> id(ids));
        pauses = new Pauses(server.clock, server.time, () -> ServedTimeDoors.isOverloaded(server.time));
        settledAtNanos = now();
        master = SimMaster.of(this);
        fair = new FairRules(this);
        quiet = new QuietRules(this);
        for (int i = 0; i < rules.clients(); i++) {
            clients.add(rules.isThird(i) ? new Client3(this, i) : new Client(this, i));
        }
        trace.note(rules::toString);
    }

    /** Some ids are proposed twice, and some are none. */
    private long id(Dice ids) {
        List<SessionModel> lives = book.lives();
        if (!lives.isEmpty() && ids.oneIn(6)) {
            return ids.oneOf(lives).id;
        }
        return ids.oneIn(10) ? 0 : ids.number();
    }

    /**
     * Runs the world to its end.
     *
     * @param leftOut steps in which nothing happens
     */
    void run(int steps, BitSet leftOut) {
        for (step = 0; step < steps && !server.isClosed(); step++) {
            if (!leftOut.get(step)) {
                dice.step(step);
                act();
                if (!pauses.isAsleep()) {
                    runLoops(dice.below(8));
                }
                afterStep();
            }
        }
        pauses.end();
        dice.step(steps);
        if (!server.isClosed() && !dice.oneIn(3)) {
            everythingHeals();
        }
        end();
    }

    /** Number of the step that it has come to. */
    int step() {
        return step;
    }

    private void act() {
        Act act = Act.values()[dice.weighted(weights)];
        if (pauses.isAsleep()) {
            pauses.lasts(dice);
            if (Act.NOT_ASLEEP.contains(act)) {
                return;
            }
        }
        switch (act) {
            case CLIENT -> dice.oneOf(clients).act(dice);
            case CLIENTS_BYTES -> anyLink().moveSome(dice);
            case CLIENTS_SOCKET -> {
                SimLink link = anyLink();
                if (!link.isVanished()) {
                    if (dice.oneIn(2)) {
                        link.opens();
                    } else {
                        link.stall(dice.below(60));
                    }
                }
            }
            case NETWORK_CUTS -> {
                SimLink link = anyLink();
                trace.note(() -> link + " breaks");
                link.reset();
            }
            case STRANGER_COMES -> {
                for (int n = dice.oneIn(8) ? rules.burst() : 1; n > 0 && server.isListening(); n--) {
                    strangers.add(Stranger.of(this));
                }
            }
            case STRANGER_ACTS -> {
                strangers.removeIf(stranger -> stranger.link().isOver());
                if (!strangers.isEmpty()) {
                    dice.oneOf(strangers).act(dice);
                }
            }
            case MASTER_ACTS -> master.acts(dice);
            case MASTERS_BYTES -> master.moveSome(dice);
            case MASTERS_SOCKET -> {
                if (dice.oneIn(3)) {
                    master.stalls(dice.below(200));
                } else {
                    master.opens();
                }
            }
            case MASTER_STALLS -> {
                if (dice.oneIn(3)) {
                    master.vanishes();
                } else {
                    master.stalls(0);
                }
            }
            case MASTER_DIES -> master.dies(dice.oneIn(2));
            case DIAL_ANSWERED -> master.answersDial(!dice.oneIn(4));
            case COMPUTES -> {
                if (server.computations.waiting() > 0) {
                    server.computations.runOne();
                }
            }
            case MOMENT -> passes(dice.between(1, 200));
            case SOME_SECONDS -> passes(dice.between(1_000, 12_000));
            case STOPPED -> {
                trace.note(() -> "the server is stopped");
                pauses.begin(dice);
            }
            case LONG_TIME -> passes(dice.between(20_000, 320_000));
            case QUIET -> quietNow();
            case PATIENCE -> patience();
            case DRAINED -> drained();
        }
    }

    private void quietNow() {
        settleAndSweep();
        quiet.check();
    }

    private void drained() {
        if (server.isListening() && !server.isEnding()) {
            int secs = dice.oneIn(2) ? dice.between(1, 5) : dice.between(6, 300);
            trace.note(() -> "the server drains for " + secs + " s");
            server.drain(secs);
        }
    }

    /** Nothing happens but that time passes, until whoever is not there any more must have been missed. */
    private void patience() {
        settle();
        Patience patience = new Patience(this);
        for (int i = 0; i < patience.tenthsOfASecond() && !server.isClosed(); i++) {
            passes(100);
            settle();
            patience.look();
        }
        quiet.check();
        patience.check();
    }

    /** The server runs on: a long time passes in short pieces, and it is served in each of them. */
    private void passes(int millis) {
        for (int left = millis; left > 0 && !server.isClosed(); left -= SWEEP_MILLIS) {
            server.clock.advance(Duration.ofMillis(Math.min(left, SWEEP_MILLIS)));
            master.look();
            master.dialTimesOut(CONNECT_TIMEOUT_NANOS);
            master.ticks();
            clients.forEach(HonestClient::ticks);
            if (millis > 2 * SWEEP_MILLIS) {
                settle();
            }
            pauses.sample();
        }
    }

    private void runLoops(int tasks) {
        for (int i = 0; i < tasks; i++) {
            ManualLoop loop = dice.oneOf(server.loops);
            for (int n = dice.between(1, 6); n > 0 && loop.runOne(); n--) {}
        }
    }

    private void afterStep() {
        master.look();
        pauses.sample();
        complaints.check();
        WorldFailure.unless(
                server.sessions.staleSize() <= rules.sessions().maxStale(),
                0,
                server.sessions.staleSize() + " are stale at once");
    }

    /** Until the server has nothing left to do at this moment. */
    void settle() {
        int ran = 1;
        while (ran > 0) {
            ran = server.computations.waiting();
            server.computations.runAll();
            for (ManualLoop loop : server.loops) {
                ran += loop.run();
            }
        }
        settledAtNanos = now();
        master.look();
        complaints.check();
    }

    /** Settles, and sweeps each loop: work that found no place in the executor waits for its loop's sweep. */
    private void settleAndSweep() {
        settle();
        // Work ahead of time for clients of version 3 may have held a place as well.
        for (int i = rules.thirds() > 0 ? 0 : 1; i < server.loops.size(); i++) {
            passes(100);
            settle();
        }
    }

    /** A link of version 3 was cut. */
    void isCut() {
        cuts++;
    }

    /** Number of links of version 3, of clients and of the master, that were cut. */
    int cuts() {
        return cuts;
    }

    // ---- what the actors ask of the world ----

    long now() {
        return server.clock.getAsLong();
    }

    /** The time at which every loop had last done all its work, its sweep included. */
    long settledAtNanos() {
        return settledAtNanos;
    }

    /** Number of times that clients were let go on. */
    int gateOpenings() {
        return server.gateOpenings();
    }

    /** An address of the honest client with this number: mostly the same one. */
    String addressOf(int number) {
        int place = dice.oneIn(6) ? dice.below(rules.addresses()) : number % rules.addresses();
        return "192.0.2." + (1 + place);
    }

    boolean wasGateEverShut() {
        return isGateShut() || gateOpenings() > 0;
    }

    boolean isGateShut() {
        return server.gate.isShut();
    }

    /** Judges what the server does, from within what it does. */
    void judge(Runnable rule) {
        try {
            rule.run();
        } catch (WorldFailure failure) {
            complaints.broken(failure);
            throw failure;
        }
    }

    SimLink connect(String from, Consumer<byte[]> onFrame) {
        FakeChannel channel = server.accept(dice.oneOf(server.loops), InetAddresses.of(from));
        SimLink link = new SimLink(this, ++linksEver, from, channel, onFrame);
        links.add(link);
        if (pauses.isAsleep()) {
            channel.eventLoop().execute(() -> takenUp(link));
        } else {
            takenUp(link);
        }
        return link;
    }

    private void takenUp(SimLink link) {
        link.takenUpServedNanos = pauses.servedNow();
        server.accepted(link.channel);
    }

    List<SimLink> links() {
        return links;
    }

    private SimLink anyLink() {
        while (!links.isEmpty()) {
            int index = dice.oneIn(2) ? dice.below(links.size()) : Math.max(0, links.size() - 1 - dice.below(6));
            SimLink link = links.get(index);
            if (!link.isClosed()) {
                return link;
            }
            links.set(index, links.get(links.size() - 1));
            links.remove(links.size() - 1);
        }
        return Stranger.of(this).link();
    }

    /** Somebody's id, or nobody's. */
    long anyId() {
        List<SessionModel> lives = book.lives();
        List<Session3> thirds = book.thirds.all();
        if (!thirds.isEmpty() && (lives.isEmpty() || dice.oneIn(2))) {
            return dice.oneOf(thirds).id();
        }
        return lives.isEmpty() || dice.oneIn(8) ? dice.number() : dice.oneOf(lives).id;
    }

    /** An honest client's answer went over the wire. */
    void strangersMayKnow(byte[] answer) {
        answers.add(answer);
        if (answers.size() > KEPT_ANSWERS) {
            answers.remove(0);
        }
    }

    byte[] anOldAnswer() {
        return answers.isEmpty() ? dice.bytes(72) : dice.oneOf(answers);
    }

    // ---- the end ----

    /** The network, the master and the clients are well again: everybody comes back, and gets all. */
    private void everythingHeals() {
        trace.note(() -> "everything heals");
        strangers.forEach(stranger -> stranger.link().reset());
        for (int round = 0; isHealing(round); round++) {
            masterHeals();
            clients.forEach(HonestClient::heal);
            settle();
            passes(50);
        }
        if (server.isClosed()) {
            return;
        }
        settleAndSweep();
        quiet.healed();
        for (SessionModel life : book.lives()) {
            boolean there = SessionDoors.isResumable(server.sessions, life.id);
            boolean live = life.links.stream().anyMatch(model -> model.isLive() && !model.link.isVanished());
            // Who has nothing to say is given up, and may be just now.
            boolean givenUp = life.links.stream().anyMatch(model -> model.link.isClosedForSilence());
            if (there && life.owner.has(life) && (live || !givenUp && !rules.mayKeepOwnersOut())) {
                life.unless(live, "its client can't come back");
                life.unless(life.takenPackets() == life.duePackets(), "its client is back, and has not got all");
            }
        }
    }

    /** Three seconds; longer, where a firehose of version 3 is dialled again late. */
    private boolean isHealing(int round) {
        return !server.isClosed() && (round < 60 || round < 300 && !quiet.isHealed());
    }

    private void masterHeals() {
        master.look();
        if (master.isConnected() && master.isVanished()) {
            master.dies(false);
        }
        if (master.isDialled()) {
            master.answersDial(true);
        }
        master.closesShut();
        master.opens();
        master.isWell();
        master.moveAll();
    }

    /** An orderly stop, with a master that is there or with one that is not; or the server has ended by itself. */
    private void end() {
        boolean masterIsWell = !dice.oneIn(5);
        boolean wasWell = masterIsWell && !server.isEnding();
        if (dice.oneIn(2)) {
            trace.note(() -> "the server stops; the master is well: " + masterIsWell);
            server.stop();
        } else {
            int secs = dice.between(1, 10);
            trace.note(() -> "the server drains for " + secs + " s; the master is well: " + masterIsWell);
            server.drain(secs);
        }
        long begunNanos = now(); // the process may have been stopped until long after the server's last moment
        while (!server.isClosed()) {
            settleAndSweep(); // in a drain, handshakes go on
            quiet.check();
            if (dice.oneIn(2)) {
                clients.forEach(HonestClient::heal);
            }
            links.forEach(this::closesShut);
            if (masterIsWell) {
                masterHeals();
            }
            settle();
            passes(100);
            long overdueNanos = Math.min(now() - server.endsAtNanos(), now() - begunNanos);
            WorldFailure.unless(overdueNanos <= Rules.seconds(1), 0, "the stop takes too long");
        }
        settle();
        if (wasWell && now() - server.endsAtNanos() < 0 && !server.hasGivenUp()) {
            book.lives()
                    .forEach(life -> life.unless(
                            life.isHeard() == (life.failed() != null), "heard: " + life.isHeard() + ", and no end"));
            WorldFailure.unless(master.hasAll(), 0, "the master has not got all");
            master.allHaveEnded();
            WorldFailure.unless(server.sessions.size() == 0, 0, "somebody is still there");
        }
        nothingIsLeft();
    }

    private void closesShut(SimLink link) {
        if (link.isVanished()) {
            return;
        }
        link.opens();
        if (link.isShut()) {
            link.fin();
        }
    }

    private void nothingIsLeft() {
        WorldFailure.unless(master.isClosed(), 0, "the master's link is open");
        links.forEach(link -> WorldFailure.unless(link.isClosed(), 0, link + " is open"));
        server.ended();
        WorldFailure.unless(GuardDoors.countsNothing(server.guard), 0, "somebody who has gone is counted");
        WorldFailure.unless(server.budget.heldBytes() == 0, 0, "still held: " + server.budget.heldBytes());
        UnpooledByteBufAllocator allocator = server.allocator;
        long leaked = allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
        WorldFailure.unless(leaked == 0, 0, "leaked: " + leaked + " bytes");
        for (Reason reason : Reason.values()) {
            count(reason);
        }
    }

    private void count(Reason reason) {
        if (reason != Reason.CLIENT_NOT_FOUND) {
            long seen = book.lives().stream()
                    .filter(life -> life.failed() == reason)
                    .count();
            long counted = server.count(net.voltlane.server.metrics.Metric.ended(reason));
            WorldFailure.unless(counted >= seen, 0, reason.text() + " was counted " + counted + " times for " + seen);
        }
    }
}
