package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.protocol.firehose3.Elsewhere;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.protocol.firehose3.Ping;
import net.voltlane.protocol.firehose3.Position;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedServer3;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests of random lives of clients that roam between servers: traffic in both directions, cuts, servers that die or lose the
 * count, former servers that go on talking, and claims that come late. To the application each session is unbroken.
 */
@Timeout(120)
class AdoptionRandomTest {
    private static final int SERVERS = 3;
    private static final int CLIENTS = 3;
    private static final int STEPS = 80;
    private static final int LIVES = Integer.getInteger("voltlane.cases", 12);
    private static final Duration STALE = Duration.ofSeconds(300);

    /** A backend that records what it gets, and answers each packet with two. */
    private static final class Answering implements Handler {
        private final Map<Session, List<Integer>> numbers = new ConcurrentHashMap<>();
        private final Map<Session, AtomicInteger> sent = new ConcurrentHashMap<>();
        private final AtomicInteger started = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private final AtomicInteger faults = new AtomicInteger();

        @Override
        public void started(Session session) {
            started.incrementAndGet();
            numbers.put(session, new ArrayList<>());
            sent.put(session, new AtomicInteger());
        }

        @Override
        public void data(Session session, byte[] data) {
            List<Integer> had = numbers.get(session);
            synchronized (had) {
                had.add(Bytes.number(data));
                if (session.received() != had.size()) {
                    faults.incrementAndGet();
                }
            }
            answer(session);
            answer(session);
        }

        private void answer(Session session) {
            if (!session.send(Bytes.numbered(sent.get(session).incrementAndGet(), 4 + session.hashCode() % 50))) {
                faults.incrementAndGet();
            }
        }

        @Override
        public void ended(Session session, EndReason reason) {
            ended.incrementAndGet();
        }

        @Override
        public void failed(Session session, Throwable error) {
            faults.incrementAndGet();
        }
    }

    /** A client: what it has sent and had, and where it is. */
    private static final class Client {
        private final long id;
        private int server;
        private int epoch = 1;
        private int sent;
        private boolean live = true;
        private final List<Integer> had = new ArrayList<>();

        Client(long id, int server) {
            this.id = id;
            this.server = server;
        }
    }

    private static final class Life implements AutoCloseable {
        private final SplittableRandom random;
        private final Answering handler = new Answering();
        private final TestBackend it;
        private final ScriptedServer3[] servers = new ScriptedServer3[SERVERS];
        private final List<Client> clients = new ArrayList<>();
        private int names;

        Life(SplittableRandom random) throws Exception {
            this.random = random;
            it = TestBackend.listen(handler);
            for (int server = 0; server < SERVERS; server++) {
                begin(server);
            }
            for (int id = 1; id <= CLIENTS; id++) {
                Client client = new Client(id, random.nextInt(SERVERS));
                clients.add(client);
                servers[client.server].opened(id, 1L);
            }
            for (ScriptedServer3 server : servers) {
                server.awaitAcknowledged(); // so a claim with the same epoch comes late
            }
        }

        private void begin(int server) {
            servers[server] = new ScriptedServer3(++names).keepsRecords(STALE);
            servers[server].connect(it.address());
        }

        @Override
        public void close() {
            for (ScriptedServer3 server : servers) {
                server.close();
            }
            it.close();
        }

        // ---- what comes

        private void take(int server, ScriptedServer3.Packet packet) {
            if (packet.message() instanceof Data data) {
                Client client = clients.get((int) packet.id() - 1);
                if (client.server == server && client.live) {
                    client.had.add(Bytes.number(data.payload()));
                    assertThat(client.had.get(client.had.size() - 1)).isEqualTo(client.had.size());
                }
            }
        }

        private void takeAll(int server) {
            servers[server].send(0, new Ping(new byte[1]));
            ScriptedServer3.Packet packet = servers[server].next();
            while (packet.message().flag() != 0x14) {
                take(server, packet);
                packet = servers[server].next();
            }
        }

        // ---- what happens

        void step() {
            Client client = clients.get(random.nextInt(CLIENTS));
            int server = random.nextInt(SERVERS);
            switch (random.nextInt(14)) {
                case 0 -> {
                    servers[server].cut();
                    servers[server].connect(it.address());
                }
                case 1 -> {
                    servers[server].dial(it.address(), 0); // the older link is still open
                    servers[server].hello();
                    servers[server].welcome();
                }
                case 2 -> servers[server].acknowledge();
                case 3 -> takeAll(server);
                case 4 -> roam(client, server);
                case 5 -> talksOn(client, server);
                case 6 -> comesLate(client, server);
                case 7 -> servers[client.server].delivered(client.id, client.had.size());
                case 8 -> {
                    if (random.nextInt(3) == 0) {
                        dies(server);
                    } else {
                        losesCount(server);
                    }
                }
                case 9 -> servers[client.server].suspended(client.id);
                default ->
                    servers[client.server].data(client.id, Bytes.numbered(++client.sent, 4 + random.nextInt(200)));
            }
        }

        private void roam(Client client, int server) {
            client.server = server;
            client.live = false;
            client.epoch += 1 + random.nextInt(3);
            servers[server].adopted(client.id, client.epoch, 1, client.had.size() + 1);
            if (random.nextInt(3) == 0) {
                servers[server].cut();
                servers[server].connect(it.address());
            }
            Position position = null;
            while (position == null) {
                ScriptedServer3.Packet packet = servers[server].next();
                take(server, packet);
                if (packet.id() == client.id
                        && packet.message() instanceof Position answer
                        && answer.epoch() == client.epoch) {
                    assertThat(answer.nextToClient()).isEqualTo(client.had.size() + 1);
                    position = answer;
                }
            }
            client.live = true;
            for (int number = (int) position.taken() + 1; number <= client.sent; number++) {
                servers[server].data(client.id, Bytes.numbered(number, 20));
            }
        }

        /** A server that does not know that it has lost a session. */
        private void talksOn(Client client, int server) {
            if (server != client.server) {
                servers[server].data(client.id, Bytes.numbered(-1, 20));
                servers[server].delivered(client.id, 1 << 20);
                servers[server].suspended(client.id);
            }
        }

        private void comesLate(Client client, int server) {
            if (server != client.server) {
                servers[server].adopted(client.id, client.epoch, 1, 1);
                ScriptedServer3.Packet packet = servers[server].next();
                while (!(packet.id() == client.id
                        && packet.message() instanceof Elsewhere elsewhere
                        && elsewhere.epoch() == client.epoch)) {
                    take(server, packet);
                    packet = servers[server].next();
                }
            }
        }

        private void dies(int server) {
            servers[server].cut();
            begin(server);
            for (Client client : clients) {
                if (client.server == server) {
                    roam(client, random.nextInt(SERVERS));
                }
            }
        }

        private void losesCount(int server) {
            servers[server].cut();
            servers[server].forgetBackend();
            servers[server].connect(it.address());
            List<Runnable> after = new ArrayList<>();
            for (Client client : clients) {
                if (client.server == server) {
                    Session session = session(client.id);
                    int first = 1 + random.nextInt((int) session.received() + 1);
                    servers[server].send(
                            client.id,
                            new Opened(
                                    true,
                                    random.nextBoolean(),
                                    false,
                                    first,
                                    client.had.size() + 1,
                                    ScriptedServer3.attributes(client.epoch)));
                    after.add(() -> {
                        for (int number = first; number <= client.sent; number++) {
                            servers[server].data(client.id, Bytes.numbered(number, 20));
                        }
                    });
                }
            }
            after.forEach(Runnable::run);
        }

        private Session session(long id) {
            Session session = it.backend.session(id);
            while (session == null) { // its server has just opened it
                Thread.onSpinWait();
                session = it.backend.session(id);
            }
            return session;
        }

        // ---- the end

        void heal() {
            for (Client client : clients) {
                while (client.had.size() < 2 * client.sent) {
                    take(client.server, servers[client.server].next());
                }
            }
            for (ScriptedServer3 server : servers) {
                server.awaitAcknowledged();
            }
            assertThat(handler.faults).hasValue(0);
            assertThat(handler.started).hasValue(CLIENTS);
            assertThat(handler.ended).hasValue(0);
            for (Client client : clients) {
                assertThat(client.had).containsExactlyElementsOf(upTo(2 * client.sent));
                assertThat(handler.numbers.get(session(client.id))).containsExactlyElementsOf(upTo(client.sent));
                servers[client.server].ended(client.id, 15, "Client left");
                servers[client.server].awaitAcknowledged();
            }
            for (int server = 0; server < SERVERS; server++) {
                for (Client client : clients) {
                    talksOn(client, server);
                }
                servers[server].awaitAcknowledged();
            }
            assertThat(handler.ended).hasValue(CLIENTS);
            assertThat(handler.started).hasValue(CLIENTS);
            assertThat(it.backend.stats().gaps()).isZero();
            assertThat(it.backend.stats().undeliveredBytes()).isZero();
            assertThat(it.backend.stats().sessions()).isZero();
        }
    }

    @Test
    void eachSessionIsUnbrokenWhereverItsClientGoes() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int life = 0; life < LIVES; life++) {
                try (Life it = new Life(random)) {
                    for (int step = 0; step < STEPS; step++) {
                        it.step();
                    }
                    it.heal();
                }
            }
        });
    }

    private static List<Integer> upTo(int last) {
        List<Integer> numbers = new ArrayList<>();
        for (int number = 1; number <= last; number++) {
            numbers.add(number);
        }
        return numbers;
    }
}
