package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.voltlane.server.store.FakeStorage;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client of version 3 that wanders between servers with one store, and a backend that takes part in adoptions. Links
 * break, servers die and new ones come, stores go away, and everything crosses on its way. After every step each end has
 * had a prefix of what the other has sent; in the end each has had all.
 */
@ExtendWith(LeakCheck.class)
final class AdoptionWorldTest {
    private static final int WORLDS = 300;
    private static final int STEPS = 300;
    private static final SessionSettings SETTINGS =
            new SessionSettings(Duration.ofHours(1).toNanos(), 100, 100, 1_000_000);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, -7})
    void nothingIsLostAndNothingComesTwice(long seed) {
        run(seed);
    }

    @Test
    void nothingIsLostInFreshWorlds() {
        Seeds.run(AdoptionWorldTest::run);
    }

    private static void run(long seed) {
        Random seeds = new Random(seed);
        for (int i = 0; i < WORLDS; i++) {
            long worldSeed = seeds.nextLong();
            try (World world = new World(worldSeed)) {
                try {
                    world.run(20 + STEPS * i / WORLDS);
                } catch (AssertionError failure) {
                    throw new AssertionError(
                            "world " + i + ", seed " + worldSeed + ":\n" + String.join("\n", world.story), failure);
                }
            }
        }
    }

    /** A server process, with its firehose. */
    private static final class ServerProcess implements AutoCloseable {
        final String name;
        final Stage stage;
        final Deque<Runnable> toBackend = new ArrayDeque<>();
        final Deque<Runnable> toServer = new ArrayDeque<>();
        boolean isToldElsewhere;
        boolean isDead;

        ServerProcess(World world, int number) {
            name = String.format("%032x", number);
            stage = new Stage(SETTINGS, world.storage, name, WhenAway.CONTINUE);
            stage.master.adopts = MasterPort.Adopts.ANSWERS;
            stage.master.acknowledges = true;
            stage.master.onData = text -> toBackend.add(() -> world.backendTakes(this, text));
            stage.master.onAdopted = session -> {
                long epoch = session.epoch();
                long down = session.adopting().nextToClient();
                toBackend.add(() -> world.backendIsToldOfAdoption(this, epoch, down));
            };
        }

        @Override
        public void close() {
            isDead = true;
            stage.records.close();
            stage.loopTasks.clear();
            stage.close();
        }
    }

    private static final class World implements AutoCloseable {
        final FakeStorage storage = new FakeStorage();
        final List<String> story = new ArrayList<>();
        private final Random random;
        private final List<ServerProcess> servers = new ArrayList<>();
        private int serversEver;

        // the client
        private final List<String> clientSent = new ArrayList<>();
        private final List<String> clientReceived = new ArrayList<>();
        private long clientKept = 1;
        private CountedLink link;
        private @Nullable ServerProcess at;
        private boolean isLive;
        /** The entries of the link's story that the client has read. */
        private int read;
        /** Links whose end the server has not answered. */
        private final List<CountedLink> unanswered = new ArrayList<>();

        private final List<ServerProcess> processOf = new ArrayList<>();
        private final Set<CountedLink> answered = new HashSet<>();

        // the backend
        private final List<String> taken = new ArrayList<>();
        private final List<String> sent = new ArrayList<>();
        private ServerProcess owner;
        private long epoch = 1;

        World(long seed) {
            random = new Random(seed);
            servers.add(new ServerProcess(this, ++serversEver));
            servers.add(new ServerProcess(this, ++serversEver));
            owner = servers.get(0);
            at = owner;
            link = CountedLink.open(owner.stage);
            owner.stage.turns();
            isLive = true;
            read = 1;
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                act(random.nextInt(20));
                check();
            }
            heal();
            assertThat(taken).isEqualTo(clientSent);
            assertThat(clientReceived).isEqualTo(sent);
        }

        private void act(int what) {
            ServerProcess server = servers.get(random.nextInt(servers.size()));
            switch (what) {
                case 0, 1, 2 -> clientSends();
                case 3, 4, 5 -> backendSends();
                case 6, 7 -> pump(server.toBackend, 1 + random.nextInt(4));
                case 8, 9 -> pump(server.toServer, 1 + random.nextInt(4));
                case 10, 11 -> server.stage.turns();
                case 12, 13 -> clientReads();
                case 14 -> linkBreaks();
                case 15, 16 -> comesBack(server);
                case 17 -> oneLinkAnswers();
                case 18 -> storeChanges(server);
                default -> {
                    if (random.nextInt(3) == 0) {
                        dies(server);
                    } else if (random.nextInt(3) == 0) {
                        story.add(server.name + ": eleven seconds");
                        server.stage.passes(Duration.ofSeconds(11));
                        server.stage.sessions.renewRecords();
                    }
                }
            }
        }

        private void storeChanges(ServerProcess server) {
            if (server.stage.records.isUp()) {
                story.add(server.name + ": its store is away");
                server.stage.records.goesDown();
            } else {
                story.add(server.name + ": its store is back");
                server.stage.records.comesUp();
            }
        }

        private void dies(ServerProcess server) {
            story.add(server.name + " dies");
            pump(server.toBackend, random.nextInt(1 + server.toBackend.size()));
            server.toBackend.clear();
            server.toServer.clear();
            if (at == server) {
                at = null;
                isLive = false;
            }
            server.close();
            servers.remove(server);
            servers.add(new ServerProcess(this, ++serversEver));
        }

        // ---- the client

        private void clientSends() {
            String text = "up " + (clientSent.size() + 1);
            clientSent.add(text);
            if (isLive) {
                link.sends(text);
            }
        }

        private void clientReads() {
            while (at != null && read < link.told.size()) {
                String event = link.told.get(read++);
                if (event.startsWith("deliver ")) {
                    clientReceived.add(event.substring("deliver ".length()));
                } else if (event.startsWith("resumed ")) {
                    resumed(event);
                } else if (event.startsWith("detach for now")
                        || event.equals("refused STORE_AWAY")
                        || event.equals("refused TAKEN_OVER")
                        || event.equals("unavailable")) {
                    story.add("client: " + event);
                    isOver();
                } else if (!event.startsWith("acknowledged")) {
                    throw new AssertionError("the client's link: " + event);
                }
            }
        }

        private void resumed(String event) {
            story.add("client: " + event);
            String texts = event.substring("resumed [".length(), event.indexOf(']'));
            if (!texts.isEmpty()) {
                clientReceived.addAll(Arrays.asList(texts.split(", ")));
            }
            String accepted = event.substring(event.indexOf("accepted ") + "accepted ".length());
            int count = Integer.parseInt(accepted.substring(0, accepted.indexOf(',')));
            assertThat((long) count).isGreaterThanOrEqualTo(clientKept - 1);
            assertThat(count).isLessThanOrEqualTo(clientSent.size());
            isLive = true;
            for (String text : clientSent.subList(count, clientSent.size())) {
                link.sends(text);
            }
        }

        /** The client's link is over; what it was told before has been read, or never is. */
        private void isOver() {
            if (at != null) {
                unanswered.add(link);
                processOf.add(at);
                at = null;
            }
            isLive = false;
        }

        private void linkBreaks() {
            ServerProcess server = at;
            if (server != null) {
                story.add("client: link at " + server.name + " breaks");
                CountedLink broken = link;
                isOver();
                if (random.nextBoolean()) { // else the server does not notice for now
                    broken.breaks();
                }
            }
        }

        private void comesBack(ServerProcess server) {
            isOver();
            clientKept = clientKept + random.nextInt((int) (taken.size() + 2 - clientKept));
            story.add("client: comes to " + server.name + ", has " + clientReceived.size() + ", keeps " + clientKept);
            link = link.resumeAt(server.stage, clientReceived.size(), clientKept);
            at = server;
            read = 0;
        }

        private void oneLinkAnswers() {
            if (!unanswered.isEmpty()) {
                int index = random.nextInt(unanswered.size());
                CountedLink old = unanswered.get(index);
                if (processOf.get(index).isDead) {
                    unanswered.remove(index);
                    processOf.remove(index);
                    return;
                }
                boolean isAsked = old.told.stream().anyMatch(event -> event.startsWith("detach"));
                boolean isRefused = old.told.stream().anyMatch(event -> event.startsWith("refused"));
                if (isAsked || isRefused) {
                    unanswered.remove(index);
                    processOf.remove(index);
                    if (isAsked && answered.add(old)) {
                        old.answers();
                    }
                } else {
                    old.breaks();
                }
            }
        }

        // ---- the backend

        private void backendSends() {
            String text = "down " + (sent.size() + 1);
            sent.add(text);
            dataTo(owner, text);
        }

        private void dataTo(ServerProcess server, String text) {
            server.toServer.add(() -> server.stage.data(link.id, text));
        }

        void backendTakes(ServerProcess from, String text) {
            if (from == owner) {
                taken.add(text);
            } else if (!from.isToldElsewhere) {
                from.isToldElsewhere = true;
                elsewhere(from);
            }
        }

        private void elsewhere(ServerProcess server) {
            long now = epoch;
            story.add("backend: to " + server.name + ": elsewhere, " + now);
            server.toServer.add(() -> server.stage.sessions.elsewhere(link.id, now));
        }

        void backendIsToldOfAdoption(ServerProcess from, long newEpoch, long down) {
            if (newEpoch <= epoch) {
                elsewhere(from);
                return;
            }
            story.add("backend: adopted by " + from.name + ", epoch " + newEpoch + ", down " + down);
            epoch = newEpoch;
            owner = from;
            from.isToldElsewhere = false;
            int hasTaken = taken.size();
            from.toServer.add(() -> from.stage.sessions.position(link.id, hasTaken, down, newEpoch));
            for (String text : List.copyOf(sent.subList((int) down - 1, sent.size()))) {
                dataTo(from, text);
            }
        }

        // ----

        private void check() {
            assertThat(taken.size()).isLessThanOrEqualTo(clientSent.size());
            assertThat(taken).isEqualTo(clientSent.subList(0, taken.size()));
            assertThat(clientReceived.size()).isLessThanOrEqualTo(sent.size());
            assertThat(clientReceived).isEqualTo(sent.subList(0, clientReceived.size()));
            for (ServerProcess server : servers) {
                assertThat(server.stage.master.life).as(server.name).noneMatch(event -> event.startsWith("ended"));
            }
        }

        private void heal() {
            for (ServerProcess server : servers) {
                if (!server.stage.records.isUp()) {
                    server.stage.records.comesUp();
                }
            }
            settle();
            for (int i = 0; i < 20 && !isServed(); i++) {
                comesBack(servers.get(random.nextInt(servers.size())));
                settle();
            }
            assertThat(isServed()).as("is the client served?").isTrue();
            settle();
        }

        private boolean isServed() {
            return isLive && taken.size() == clientSent.size() && clientReceived.size() == sent.size();
        }

        private void settle() {
            for (int i = 0; i < 30; i++) {
                for (ServerProcess server : servers) {
                    server.stage.turns();
                    pump(server.toBackend, Integer.MAX_VALUE);
                    pump(server.toServer, Integer.MAX_VALUE);
                    server.stage.turns();
                }
                clientReads();
                oneLinkAnswers();
                check();
            }
        }

        private static void pump(Deque<Runnable> queue, int most) {
            for (int i = 0; i < most && !queue.isEmpty(); i++) {
                queue.remove().run();
            }
        }

        @Override
        public void close() {
            servers.forEach(ServerProcess::close);
        }
    }
}
