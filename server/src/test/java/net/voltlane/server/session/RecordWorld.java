package net.voltlane.server.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.store.FakeRecordStore;
import net.voltlane.server.store.FakeStorage;
import net.voltlane.server.store.StoredRecord;

/**
 * A server whose sessions have records, a store that delays, fails and forgets, and another server that claims sessions,
 * all driven at random by one seed. When all has healed, the store has exactly the records of this server's sessions.
 */
final class RecordWorld {
    private static final String A = "a".repeat(32);
    private static final String B = "b".repeat(32);
    private static final Duration STEP = Duration.ofMillis(500);
    /** Longer than any record is kept that nobody renews. */
    private static final int HEALING_STEPS = 100;

    private enum Act {
        OPEN,
        TURN,
        LOSE,
        ANSWER,
        RESUME,
        KICK,
        LEAVE,
        TIME,
        REAP,
        STORE_ANSWERS,
        STORE_ANSWERS_ANY,
        STORE_PERFORMS,
        STORE_FAILS,
        STORE_FAILS_NEXT,
        STORE_BY_HAND,
        STORE_AT_ONCE,
        STORE_DOWN,
        STORE_UP,
        STORE_MARK,
        STORE_FORGETS,
        CLAIM_ELSEWHERE
    }

    private static final Act[] OFTEN = {
        Act.OPEN, Act.TURN, Act.TURN, Act.ANSWER, Act.STORE_UP, Act.STORE_ANSWERS, Act.RESUME
    };

    /** A link, and what its client knows. */
    private record Client(ClientPort port, List<String> told, Runnable breaks, Runnable answers, LongSupplier id) {
        boolean isOpen() {
            return told.contains("opened") || told.stream().anyMatch(what -> what.startsWith("resumed"));
        }

        boolean isRefused() {
            return told.stream().anyMatch(what -> what.startsWith("refused"));
        }

        boolean isAskedToDetach() {
            return told.stream().anyMatch(what -> what.startsWith("detach"));
        }
    }

    private final Random random;
    /** Acts, some of them more than once: an act that is rare in one world is the rule in another. */
    private final Act[] likely = new Act[60];

    private final int steps;
    private final WhenAway whenAway;
    private final FakeStorage storage = new FakeStorage();
    private final Stage stage;
    private final FakeRecordStore other;
    private final List<Client> clients = new ArrayList<>();
    /** Sessions that another server has claimed, with the epoch. */
    private final Map<Long, Long> claimed = new TreeMap<>();

    private final List<String> story = new ArrayList<>();
    private boolean isUp = true;
    private int openedBefore;

    RecordWorld(long seed, int maxSteps) {
        random = new Random(seed);
        System.arraycopy(Act.values(), 0, likely, 0, Act.values().length);
        for (int i = Act.values().length; i < likely.length; i++) {
            likely[i] = OFTEN[random.nextInt(OFTEN.length)];
        }
        steps = 20 + random.nextInt(maxSteps);
        whenAway = WhenAway.values()[random.nextInt(2)];
        stage = new Stage(Stage.ROOMY, storage, A, whenAway, Long.MAX_VALUE, () -> random.nextLong() | 1L << 40);
        other = storage.open(B, new StoreEvents(Runnable::run));
    }

    /** Runs the world to its end. */
    void run() {
        try {
            for (int i = 0; i < steps; i++) {
                act();
                checkStep();
            }
            heal();
            checkHealed();
            int sessions = stage.sessions.size();
            stage.sessions.stop(() -> story.add("all have ended"));
            answersAll();
            check(story.contains("all have ended"), "the server ends");
            check(recordsOf(A).size() == sessions, "an orderly end leaves all sessions to their records");
            stage.close();
        } catch (RuntimeException | AssertionError failed) {
            throw new AssertionError(whenAway + ":\n  " + String.join("\n  ", story) + "\n" + failed, failed);
        }
    }

    private void act() {
        Act act = likely[random.nextInt(likely.length)];
        switch (act) {
            case OPEN -> open();
            case TURN -> {
                for (int i = random.nextInt(4); i > 0 && !stage.loopTasks.isEmpty(); i--) {
                    stage.loopTasks.remove().run();
                }
            }
            case LOSE ->
                onAny(act, client -> !client.isRefused() && !client.isAskedToDetach(), client -> client.breaks.run());
            case ANSWER -> onAny(act, this::owesAnAnswer, this::answers);
            case RESUME -> resume();
            case KICK -> onAny(act, Client::isOpen, client -> stage.sessions.kick(client.id.getAsLong()));
            case LEAVE -> onAny(act, Client::isOpen, client -> stage.sessions.left(client.port));
            case TIME -> passes(Duration.ofMillis(random.nextInt(6_000)));
            case REAP -> stage.sessions.reap();
            case STORE_ANSWERS -> stage.records.answers(random.nextInt(1 + stage.records.waiting()));
            case STORE_ANSWERS_ANY -> {
                if (stage.records.waiting() > 0) {
                    stage.records.answersOnly(random.nextInt(stage.records.waiting()));
                }
            }
            case STORE_PERFORMS -> stage.records.performs();
            case STORE_FAILS -> stage.records.fails(random.nextInt(1 + stage.records.waiting()));
            case STORE_FAILS_NEXT -> stage.records.failsNext(random.nextInt(3));
            case STORE_BY_HAND -> stage.records.answersByHand();
            case STORE_AT_ONCE -> stage.records.answersAtOnce();
            case STORE_DOWN -> goesDown();
            case STORE_UP -> comesUp();
            case STORE_MARK -> storage.mark();
            case STORE_FORGETS -> {
                goesDown(); // else nobody would be told, which no store may do
                storage.forgetsSinceMark();
                claimed.keySet()
                        .removeIf(id -> storage.get(id) == null
                                || !storage.get(id).owner().equals(B));
            }
            case CLAIM_ELSEWHERE -> claim();
        }
        story.add(act + ", " + clients.size() + " clients, " + stage.sessions.size() + " sessions, " + storage.size()
                + " records, " + stage.records.waiting() + " questions, " + stage.loopTasks.size() + " tasks");
    }

    private void open() {
        if (random.nextBoolean()) {
            FakeLink link = stage.open();
            clients.add(new Client(link, link.told, link::breaks, link::answers, () -> link.id));
        } else {
            CountedLink link = CountedLink.open(stage, random.nextBoolean() ? new byte[] {1, 2, 3} : null);
            clients.add(new Client(link, link.told, link::breaks, link::answers, () -> link.id));
        }
    }

    private void resume() {
        onAny(Act.RESUME, client -> client.isOpen() && client.port instanceof FakeLink, client -> {
            long id = client.id.getAsLong();
            if (stage.find(id) != null) {
                FakeLink link = stage.resume(id);
                link.id = id;
                clients.add(new Client(link, link.told, link::breaks, link::answers, () -> id));
            }
        });
    }

    private boolean owesAnAnswer(Client client) {
        return client.isAskedToDetach() && client.port.session() != null && !client.isRefused();
    }

    private void answers(Client client) {
        client.answers.run();
        clients.remove(client);
        if (client.isOpen()) { // its client may come back
            clients.add(new Client(client.port, List.of("opened", "refused"), () -> {}, () -> {}, client.id));
        }
    }

    private void claim() {
        List<StoredRecord> all = recordsOf(A);
        if (!all.isEmpty()) {
            StoredRecord record = all.get(random.nextInt(all.size()));
            other.claim(record.id(), record.epoch(), record.epoch() + 1, B, 3_600_000);
            claimed.put(record.id(), record.epoch() + 1);
            story.add(record.id() + " is claimed");
        }
    }

    private void goesDown() {
        if (isUp) {
            isUp = false;
            if (random.nextBoolean()) {
                stage.records.performs();
            }
            stage.records.goesDown();
        }
    }

    private void comesUp() {
        if (!isUp) {
            isUp = true;
            stage.records.comesUp();
        }
    }

    private void passes(Duration time) {
        stage.clock.advance(time);
        storage.passes(time);
        stage.sessions.renewRecords();
    }

    private void onAny(Act act, Predicate<Client> which, Consumer<Client> what) {
        List<Client> fitting = clients.stream().filter(which).toList();
        if (!fitting.isEmpty()) {
            Client client = fitting.get(random.nextInt(fitting.size()));
            story.add(act + " of " + client.id.getAsLong());
            what.accept(client);
        }
    }

    // ---- what holds

    private void checkStep() {
        int opened = (int) stage.count(Metric.SESSIONS_OPENED);
        int without = (int) stage.count(Metric.OPENED_WITHOUT_RECORD);
        check(whenAway == WhenAway.CONTINUE || without == 0, "nobody is let in without a record");
        check(opened - without <= storage.everPut(), "whoever has an id has, or had, a record");
        check(opened >= openedBefore, "sessions are opened once");
        openedBefore = opened;
        check(stage.sessions.unrecordedSize() >= 0, "no more records than sessions");
        check(stage.sessions.unrecordedSize() <= stage.sessions.size(), "no less than none");
        for (Client client : clients) {
            long answers = client.told.stream()
                    .filter(what -> what.equals("opened") || what.startsWith("refused"))
                    .count();
            check(answers <= 1 || client.port.session() == null, "a link has one answer: " + client.told);
        }
    }

    private void heal() {
        comesUp();
        stage.records.failsNext(0);
        stage.records.answersAtOnce();
        answersAll();
        for (int i = 0; i < HEALING_STEPS; i++) {
            passes(STEP);
            answersAll();
            if (i % 10 == 0) {
                stage.sessions.reap();
            }
        }
        answersAll();
        story.add("healed");
    }

    private void answersAll() {
        stage.turns();
        for (List<Client> owing = owing(); !owing.isEmpty(); owing = owing()) {
            owing.forEach(this::answers);
            stage.turns();
        }
    }

    private List<Client> owing() {
        return clients.stream().filter(this::owesAnAnswer).toList();
    }

    private void checkHealed() {
        for (Client client : clients) {
            check(
                    client.isOpen() || client.isRefused() || client.isAskedToDetach(),
                    "every link has its answer: " + client.told);
        }
        List<StoredRecord> own = recordsOf(A);
        for (StoredRecord record : own) {
            Session session = stage.sessions.session(record.id());
            check(session != null, record.id() + " has a record of this server's, and is no session of it");
            check(session != null && session.epoch() == record.epoch(), record.id() + " has its epoch");
        }
        check(own.size() == stage.sessions.size(), own.size() + " records of " + stage.sessions.size() + " sessions");
        check(stage.sessions.unrecordedSize() == 0, "all are known to have one");
        for (Map.Entry<Long, Long> elsewhere : claimed.entrySet()) {
            check(stage.sessions.session(elsewhere.getKey()) == null, elsewhere.getKey() + " is another server's");
        }
        check(stage.sessions.isStoreUp(), "the store is up");
    }

    private List<StoredRecord> recordsOf(String owner) {
        return storage.all().stream()
                .filter(record -> record.owner().equals(owner))
                .toList();
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
