package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.protocol.firehose3.Ping;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedServer3;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests of random lives of a firehose 3: traffic in both directions, cuts, and servers that have lost the count. At the end
 * each side has had each packet of the other once, in order.
 */
@Timeout(60)
class Version3RandomTest {
    private static final int SESSIONS = 4;
    private static final int STEPS = 60;
    private static final int LIVES = Integer.getInteger("voltlane.cases", 12);

    /** A backend that records what it gets, and answers each packet with two. */
    private static final class Answering implements Handler {
        private final Map<Long, Queue<Integer>> numbers = new ConcurrentHashMap<>();
        private final Map<Long, Integer> sent = new ConcurrentHashMap<>();

        @Override
        public void data(Session session, byte[] data) {
            numbers.computeIfAbsent(session.id(), id -> new ConcurrentLinkedQueue<>())
                    .add(Bytes.number(data));
            answer(session);
            answer(session);
        }

        int had(long id) {
            return numbers.getOrDefault(id, new ConcurrentLinkedQueue<>()).size();
        }

        private void answer(Session session) {
            int number = sent.merge(session.id(), 1, Integer::sum);
            assertThat(session.send(Bytes.numbered(number, 4 + number % 50))).isTrue();
        }
    }

    /** A server's clients: what each has sent and had, in all. */
    private static final class Clients {
        private final Map<Long, Integer> sent = new HashMap<>();
        private final Map<Long, List<Integer>> had = new HashMap<>();

        void take(ScriptedServer3.Packet packet) {
            if (packet.message() instanceof Data data) {
                had.computeIfAbsent(packet.id(), id -> new ArrayList<>()).add(Bytes.number(data.payload()));
            }
        }

        int had(long id) {
            return had.getOrDefault(id, List.of()).size();
        }
    }

    @Test
    void eachPacketComesOnceInOrder() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int life = 0; life < LIVES; life++) {
                Answering handler = new Answering();
                try (TestBackend it = TestBackend.listen(handler);
                        ScriptedServer3 server = new ScriptedServer3(1)) {
                    live(random, it, handler, server);
                }
            }
        });
    }

    private static void live(SplittableRandom random, TestBackend it, Answering handler, ScriptedServer3 server) {
        Clients clients = new Clients();
        server.connect(it.address());
        for (long id = 1; id <= SESSIONS; id++) {
            clients.sent.put(id, 0);
            server.opened(id);
        }
        for (int step = 0; step < STEPS; step++) {
            long id = 1L + random.nextInt(SESSIONS);
            switch (random.nextInt(12)) {
                case 0 -> {
                    server.cut();
                    server.connect(it.address());
                }
                case 1 -> {
                    server.dial(it.address(), 0); // the older link is still open
                    server.hello();
                    server.welcome();
                }
                case 2 -> beginAnew(random, it, handler, clients, server);
                case 3 -> server.acknowledge();
                case 4, 5 -> take(clients, server);
                default -> {
                    int number = clients.sent.merge(id, 1, Integer::sum);
                    server.data(id, Bytes.numbered(number, 4 + random.nextInt(200)));
                }
            }
        }
        int packets = clients.sent.values().stream().mapToInt(Integer::intValue).sum();
        while (clients.had.values().stream().mapToInt(List::size).sum() < 2 * packets) {
            clients.take(server.next());
        }
        server.awaitAcknowledged();
        for (long id = 1; id <= SESSIONS; id++) {
            int sent = clients.sent.getOrDefault(id, 0);
            assertThat(handler.numbers.getOrDefault(id, new ConcurrentLinkedQueue<>()))
                    .containsExactlyElementsOf(upTo(sent));
            assertThat(clients.had.getOrDefault(id, List.of())).containsExactlyElementsOf(upTo(2 * sent));
        }
    }

    /** Takes what the backend has sent so far. */
    private static void take(Clients clients, ScriptedServer3 server) {
        server.send(0, new Ping(new byte[1]));
        ScriptedServer3.Packet packet = server.next();
        while (packet.message().flag() != 0x14) {
            clients.take(packet);
            packet = server.next();
        }
    }

    /**
     * Lets the server lose the count: it tells the present, and then sends from the first packet on that it had kept.
     */
    private static void beginAnew(
            SplittableRandom random, TestBackend it, Answering handler, Clients clients, ScriptedServer3 server) {
        Map<Long, Integer> again = new HashMap<>();
        server.cut();
        server.forgetBackend();
        server.connect(it.address());
        for (long id = SESSIONS; id >= 1; id--) {
            again.put(id, 1 + random.nextInt(handler.had(id) + 1));
        }
        again.forEach((id, first) -> server.opened(id, true, first, 1 + clients.had(id)));
        again.forEach((id, first) -> {
            for (int number = first; number <= clients.sent.getOrDefault(id, 0); number++) {
                server.data(id, Bytes.numbered(number, 10));
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
