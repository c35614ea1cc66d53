package net.voltlane.server.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.firehose3.Ended;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.session.SessionDoors;
import net.voltlane.server.session.WorldFailure;
import net.voltlane.server.session.WorldTrace;
import net.voltlane.server.store.FakeStorage;
import net.voltlane.testkit.ManualClock;
import org.jspecify.annotations.Nullable;

/**
 * Servers that share a store and a backend, their clients, and a network between all of them that fails: each way from one
 * to another is cut for a while, in one direction or both. Servers die with all that they know. The store forgets its last
 * second, or everything. All this is driven by one seed, on one thread, and time is moved by hand.
 *
 * <p>The rules: a session's data arrives once and in order at both ends, whatever happens; a client is told that its session
 * is over only for a reason that CLUSTER.md names; the backend hears of each end once; and it takes data of one server only
 * under one epoch. In the end, when everything is well again, everybody has got everything.
 */
final class SplitWorld {
    private static final int ALL = Integer.MAX_VALUE;
    private static final int STEP_MILLIS = 100;
    private static final int MARK_MILLIS = 1_000;
    /** The time for which a server is sure to wait for others to write their records again. */
    private static final long MISSED_NANOS = Rules.seconds(9);

    private static final int MOST_CUTS = 6;
    private static final int HEALING_ROUNDS = 600;
    private static final int ENDING_ROUNDS = 300;

    final ManualClock clock = new ManualClock();
    final Dice dice;
    final SplitNetwork network = new SplitNetwork();
    final FakeStorage storage = new FakeStorage();
    final WorldTrace trace;
    private final Complaints complaints;
    private final Dice ids;
    private final int[] weights;
    private final SplitBackend backend;
    private final List<SplitServer> servers = new ArrayList<>();
    private final List<SplitClient> clients = new ArrayList<>();
    private final Map<Long, SplitClient.Life> lives = new HashMap<>();
    private final List<SplitServer> living = new ArrayList<>();
    private int serversEver;
    private int step = -1;
    private int sinceMarkMillis;
    /** The time at which the store last forgot something. */
    private long forgotNanos;

    private boolean isEnding;
    private int openlyEnded;
    private int resumes;

    SplitWorld(long seed, boolean traced, Complaints complaints) {
        FakeChannel.forgetDialled();
        trace = new WorldTrace(traced);
        this.complaints = complaints;
        complaints.forget();
        dice = new Dice(seed);
        ids = new Dice(seed + 2);
        weights = SplitAct.weights(dice);
        backend = new SplitBackend(this);
        for (int i = dice.between(2, 3); i > 0; i--) {
            start(String.valueOf((char) ('A' + servers.size())));
        }
        for (int i = dice.between(1, 3); i > 0; i--) {
            clients.add(new SplitClient(this, clients.size()));
        }
        settle(); // the backend is there before the first client
    }

    long now() {
        return clock.getAsLong();
    }

    long newId() {
        return ids.number() & (1L << 53) - 1;
    }

    List<SplitServer> servers() {
        return servers;
    }

    int step() {
        return step;
    }

    /** Number of sessions whose clients were told that they are over. */
    int openlyEnded() {
        return openlyEnded;
    }

    /** Number of times that a session was resumed. */
    int resumes() {
        return resumes;
    }

    List<SplitSession> sessions() {
        return backend.sessions();
    }

    void note(String text) {
        trace.note(() -> text);
    }

    void note(long id, String text) {
        trace.note(id, () -> text);
    }

    // ---- its course

    /** @param leftOut steps in which nothing happens */
    void run(int steps, BitSet leftOut) {
        for (step = 0; step < steps; step++) {
            if (!leftOut.get(step)) {
                dice.step(step);
                act(SplitAct.values()[dice.weighted(weights)]);
                runsSome();
                check();
            }
        }
        dice.step(steps);
        heal();
        end();
    }

    private void act(SplitAct act) {
        SplitServer server = dice.oneOf(servers);
        switch (act) {
            case CLIENT -> dice.oneOf(clients).acts(dice);
            case CLIENTS_BYTES -> dice.oneOf(clients).moves(dice, 60);
            case BACKEND_SENDS -> {
                List<SplitSession> open = backend.living();
                for (int n = open.isEmpty() ? 0 : dice.between(1, 3); n > 0; n--) {
                    backend.sends(dice.oneOf(open));
                }
            }
            case BACKENDS_BYTES -> backendMoves(60);
            case BACKEND_ACKNOWLEDGES -> backend.acknowledges();
            case DIAL_ANSWERED -> answerDial(server);
            case FIREHOSE_BREAKS ->
                backend.links().forEach(link -> {
                    if (dice.oneIn(2)) {
                        backend.breaks(link);
                    }
                });
            case STORES_ANSWERS -> server.movesStore(dice.between(1, 4));
            case STORE_IS_LOST -> server.storeIsLost();
            case STORE_FORGETS -> storeForgets(false);
            case STORE_IS_EMPTY -> storeForgets(true);
            case NETWORK -> networkChanges(server);
            case SERVER_DIES -> dies(server);
            case SERVER_STARTS -> {
                if (server.isDead()) {
                    restart(server);
                }
            }
            case MOMENT -> passes(dice.between(1, 300));
            case SOME_SECONDS -> passes(dice.between(1_000, 8_000));
        }
    }

    private void networkChanges(SplitServer server) {
        if (network.cuts() >= MOST_CUTS || network.cuts() > 0 && dice.oneIn(2)) {
            note(network.opensOne());
            return;
        }
        String other = switch (dice.below(3)) {
            case 0 -> dice.oneOf(clients).name;
            case 1 -> SplitNetwork.STORE;
            default -> SplitNetwork.BACKEND;
        };
        int ways = dice.below(4);
        if (ways != 1) {
            note(network.turns(server.slot, other));
        }
        if (ways != 0) {
            note(network.turns(other, server.slot));
        }
    }

    private void storeForgets(boolean all) {
        note(all ? "the store is empty" : "the store forgets what was done lately");
        servers.forEach(SplitServer::storeIsLost);
        if (all) {
            storage.forgetsAll();
        } else {
            storage.forgetsSinceMark();
        }
        forgotNanos = now();
    }

    private void backendMoves(int most) {
        for (SplitLink link : List.copyOf(backend.links())) {
            if (dice.oneIn(2)) {
                link.moveToPeer(dice.oneIn(2) ? ALL : 1 + dice.below(most));
            }
            if (dice.oneIn(2)) {
                link.moveToServer(dice.oneIn(2) ? ALL : 1 + dice.below(most));
            }
        }
    }

    // ---- servers

    private void start(String slot) {
        SplitServer server = new SplitServer(this, slot, ++serversEver);
        note(slot + " starts, as number " + serversEver);
        servers.add(server);
        living.add(server);
    }

    private void restart(SplitServer dead) {
        servers.remove(dead);
        start(dead.slot);
    }

    private void dies(SplitServer server) {
        if (server.isDead()) {
            return;
        }
        note(server.slot + " dies");
        List<SplitLink> its = new ArrayList<>(backend.links());
        clients.forEach(client -> its.addAll(client.links()));
        for (SplitLink link : its) {
            if (link.server == server) {
                link.serverDies(dice.below(1 + link.underWay()));
            }
        }
        living.remove(server);
        server.dies();
    }

    private void dialled() {
        for (FakeChannel next = FakeChannel.nextDialled(); next != null; next = FakeChannel.nextDialled()) {
            for (SplitServer server : living) {
                if (next.eventLoop() == server.loop) {
                    server.dialled(next);
                }
            }
        }
    }

    private void answerDial(SplitServer server) {
        dialled();
        FakeChannel channel = server.isDead() ? null : server.takeDial();
        if (channel != null) {
            backend.accept(server, channel);
        }
    }

    // ---- time, and the work of all

    private void runsSome() {
        for (SplitServer server : List.copyOf(living)) {
            server.runs(dice.below(12));
        }
        after();
    }

    private void after() {
        dialled();
        for (SplitServer server : List.copyOf(living)) {
            if (server.hasGivenUp()) {
                dies(server);
            }
        }
        complaints.check();
    }

    private void passes(int millis) {
        for (int left = millis; left > 0; left -= STEP_MILLIS) {
            int now = Math.min(left, STEP_MILLIS);
            clock.advance(Duration.ofMillis(now));
            storage.passes(Duration.ofMillis(now));
            sinceMarkMillis += now;
            if (sinceMarkMillis >= MARK_MILLIS) {
                sinceMarkMillis = 0;
                storage.mark();
            }
            clients.forEach(SplitClient::ticks);
            backend.ticks();
            living.forEach(SplitServer::ticksStore);
            moveAll();
            check();
        }
    }

    /** All that can arrive does, and is worked on. */
    private void moveAll() {
        for (SplitServer server : List.copyOf(living)) {
            answerDial(server);
            server.settles();
            server.movesStore(ALL);
            server.settles();
        }
        for (SplitLink link : List.copyOf(backend.links())) {
            link.moveToPeer(ALL);
        }
        backend.acknowledges();
        for (SplitLink link : List.copyOf(backend.links())) {
            link.moveToServer(ALL);
        }
        clients.forEach(SplitClient::movesAll);
        for (SplitServer server : List.copyOf(living)) {
            server.settles();
        }
        after();
    }

    private void settle() {
        for (int i = 0; i < 5; i++) {
            moveAll();
        }
    }

    // ---- the end

    private void heal() {
        note("everything is well again");
        network.heals();
        for (SplitServer server : List.copyOf(servers)) {
            if (server.isDead()) {
                restart(server);
            }
        }
        for (int i = 0; i < HEALING_ROUNDS && !isHealed(); i++) {
            passes(STEP_MILLIS);
            clients.forEach(client -> client.heals(dice));
        }
        for (SplitClient client : clients) {
            SplitClient.Life life = client.life();
            WorldFailure.unless(
                    isServed(client), life == null ? 0 : life.id(), client.name + " is not served: " + what(life));
        }
    }

    private String what(SplitClient.@Nullable Life life) {
        SplitSession session = life == null ? null : backend.session(life.id());
        return life == null || session == null
                ? "no session"
                : session.taken.size() + " of " + life.sent.size() + " up, " + life.received.size() + " of "
                        + session.sent.size() + " down, " + session.end();
    }

    private boolean isHealed() {
        return clients.stream().allMatch(this::isServed);
    }

    private boolean isServed(SplitClient client) {
        SplitClient.Life life = client.life();
        SplitSession session = life == null ? null : backend.session(life.id());
        return life != null
                && session != null
                && client.isLive()
                && session.taken.equals(life.sent)
                && session.sent.equals(life.received);
    }

    /** All sessions end, in order or because nobody comes back, and each is told to the backend to have ended. */
    private void end() {
        isEnding = true;
        note("all leave");
        for (SplitClient client : clients) {
            if (dice.oneIn(2)) {
                client.leaves();
            } else {
                client.leavesLink();
            }
        }
        passes(1_000);
        for (int i = 0; i < ENDING_ROUNDS && !isAllOver(); i++) {
            passes(1_000);
        }
        for (SplitSession session : backend.sessions()) {
            WorldFailure.unless(session.isOver(), session.id, "was not told to have ended");
        }
        living.forEach(server -> WorldFailure.unless(server.sessions.size() == 0, 0, server.slot + " has sessions"));
        close();
    }

    private boolean isAllOver() {
        return backend.living().isEmpty()
                && storage.size() == 0
                && living.stream().allMatch(server -> server.sessions.size() == 0);
    }

    /** Ends all servers. */
    void close() {
        List.copyOf(living).forEach(this::dies);
    }

    // ---- the rules

    boolean hasRecord(long id) {
        return storage.get(id) != null;
    }

    private void check() {
        for (SplitClient client : clients) {
            SplitClient.Life life = client.life();
            if (life != null && life.id() != 0) {
                look(life);
            }
        }
    }

    private void look(SplitClient.Life life) {
        long id = life.id();
        if (living.stream().anyMatch(server -> SessionDoors.serves(server.sessions, id))) {
            life.servedNanos = now();
        }
        if (storage.get(id) != null) {
            life.wasRecorded = true;
            life.recordedNanos = now();
        }
        if (life.excuse != null) {
            return;
        }
        if (now() - life.servedNanos >= SplitServer.STALE_NANOS - Rules.seconds(1)) {
            life.excuse = "its client was away for too long";
        } else if (!life.wasRecorded) {
            return; // until it has a record it may be over for a client that goes elsewhere
        } else if (now() - life.recordedNanos >= MISSED_NANOS) {
            life.excuse = "the store has forgotten it, and its server can't write it again";
        } else if (storage.get(id) == null
                && living.stream().noneMatch(server -> SessionDoors.has(server.sessions, id))) {
            life.excuse = "the store has forgotten it, and its server is dead";
        }
    }

    /** A client has got its session. */
    void opened(SplitClient.Life life) {
        note(life.id(), life.owner.name + ": opened " + life.id());
        life.servedNanos = now();
        WorldFailure.unless(lives.put(life.id(), life) == null, life.id(), "an id given twice");
    }

    void resumed(SplitClient.Life life, long accepted) {
        resumes++;
        note(life.id(), life.owner.name + ": resumed, accepted " + accepted);
    }

    /** The backend has taken data of a client. */
    void taken(SplitSession session, String text) {
        SplitClient.Life life = lives.get(session.id);
        int number = session.taken.size();
        WorldFailure.unless(life != null, session.id, "data of nobody: " + text);
        String due = number > life.sent.size() ? "nothing" : life.sent.get(number - 1);
        WorldFailure.unless(text.equals(due), session.id, "the backend takes " + text + ", and due is " + due);
    }

    /** A client has got data. */
    void received(SplitClient.Life life) {
        SplitSession session = backend.session(life.id());
        int number = life.received.size();
        String text = life.received.get(number - 1);
        WorldFailure.unless(session != null, life.id(), "data of nobody: " + text);
        String due = number > session.sent.size() ? "nothing" : session.sent.get(number - 1);
        WorldFailure.unless(text.equals(due), life.id(), "its client gets " + text + ", and due is " + due);
    }

    /** A client was told that so many of its packets were taken over. */
    void acknowledged(SplitClient.Life life, long number) {
        SplitSession session = backend.session(life.id());
        int taken = session == null ? 0 : session.taken.size();
        WorldFailure.unless(
                number <= taken, life.id(), number + " are acknowledged to its client, and " + taken + " were taken");
    }

    /** The backend was told how much a client has acknowledged. */
    void delivered(SplitSession session, long count) {
        SplitClient.Life life = lives.get(session.id);
        int received = life == null ? 0 : life.received.size();
        WorldFailure.unless(count <= received, session.id, count + " delivered, and " + received + " received");
    }

    /** The backend is told by the server that has it that a session has ended. */
    void ended(SplitSession session, Ended ended) {
        SplitClient.Life life = lives.get(session.id);
        boolean isAway = life == null || life.excuse != null || life.over != 0 || isEnding;
        boolean may = ended.known() == CloseCode.DISCONNECTED && isAway || ended.known() == CloseCode.LEFT && isEnding;
        WorldFailure.unless(may, session.id, "has ended for no cause: " + ended);
    }

    /** A client was told that its session is over. */
    void isTold(SplitClient.Life life, SplitServer by, int code) {
        openlyEnded += isEnding ? 0 : 1;
        boolean isGone = life.excuse != null
                || !life.wasRecordedWhenAsked
                || !life.wasThereWhenAsked && by.startedNanos - forgotNanos >= 0; // it knows nothing of that
        boolean isOver = backend.hasEnded(life.id()); // it has waited for the server that it knew for too long
        boolean may = code == CloseCode.NO_SESSION.code() && isGone
                || code == CloseCode.GAP.code() && isOver
                || code == CloseCode.LEFT.code() && isEnding;
        WorldFailure.unless(may, life.id(), "its client is told that it is over, code " + code);
    }
}
