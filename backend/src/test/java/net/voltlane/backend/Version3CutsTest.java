package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.protocol.firehose3.Ended;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedServer3;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests that cut a firehose 3 behind every byte, in each direction, and go on: nothing is lost, and nothing comes twice. */
@Timeout(60)
class Version3CutsTest {
    private static final int PACKETS = 5;

    /** The calls about one session, as lines. */
    private static final class Calls {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    }

    /** An echo that records its calls with the session. */
    private static final class Echo implements Handler {
        private final Map<Long, Calls> calls = new ConcurrentHashMap<>();

        @Override
        public void opened(Session session, ClientInfo client) {
            add(session, "opened");
        }

        @Override
        public void data(Session session, byte[] data) {
            add(session, "data " + Bytes.number(data));
            session.send(data);
        }

        @Override
        public void ended(Session session, EndReason reason) {
            add(session, "ended");
        }

        private void add(Session session, String line) {
            of(session.id()).lines.add(line);
        }

        private Calls of(long id) {
            return calls.computeIfAbsent(id, unknown -> new Calls());
        }
    }

    /** A test with one cut. */
    private interface Cut {
        void at(int position, ScriptedServer3 server) throws Exception;
    }

    private final Echo echo = new Echo();

    /** Cuts at each position from 0, with a server of its own for each, many at a time. */
    private static void atEach(int positions, Cut cut) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(32);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < positions; i++) {
                int position = i;
                tasks.add(() -> {
                    try (ScriptedServer3 server = new ScriptedServer3(position + 1)) {
                        cut.at(position, server);
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void cutsBehindEveryByteThatTheBackendReads() throws Exception {
        int bytes = keep(1, new ScriptedServer3(1)).length;
        try (TestBackend it = TestBackend.listen(echo)) {
            atEach(bytes + 1, (cut, server) -> {
                server.connect(it.address());
                server.link().write(Arrays.copyOf(keep(cut + 1, server), cut));
                server.link().shutdownOutput(); // what was sent before arrives
                server.link().readUntilClosed();
                server.connect(it.address());
                expectAll(cut + 1, server, new ArrayList<>());
            });
        }
    }

    @Test
    void cutsBehindEveryByteThatTheServerReads() throws Exception {
        int bytes = PACKETS * (13 + 20) + 21; // all answers, and at least one Ack
        try (TestBackend it = TestBackend.listen(echo)) {
            atEach(bytes + 1, (cut, server) -> {
                server.connect(it.address());
                server.link().write(keep(cut + 1, server));
                List<Integer> echoed = new ArrayList<>();
                server.nextWithin(cut).forEach(packet -> collect(packet, echoed));
                server.cut();
                server.connect(it.address());
                expectAll(cut + 1, server, echoed);
            });
        }
    }

    @Test
    void cutsBehindEveryByteOfTheHandshake() throws Exception {
        try (TestBackend it = TestBackend.listen(echo);
                ScriptedServer3 server = new ScriptedServer3(1)) {
            server.connect(it.address());
            server.opened(7);
            server.awaitAcknowledged();
            int bytes = server.helloFrame().length;
            for (int cut = 0; cut <= bytes; cut++) {
                server.dial(it.address(), 0);
                server.link().write(Arrays.copyOf(server.helloFrame(), cut));
                server.cut();
                server.connect(it.address());
                server.data(7, Bytes.numbered(cut, 20));
                assertThat(Bytes.number(server.dataFor(7))).isEqualTo(cut);
            }
            assertThat(echo.of(7).lines).hasSize(1 + bytes + 1);
        }
    }

    private void expectAll(long id, ScriptedServer3 server, List<Integer> echoed) {
        while (echoed.size() < PACKETS) {
            collect(server.next(), echoed);
        }
        server.awaitAcknowledged(); // so each call has returned
        assertThat(echoed).containsExactly(0, 1, 2, 3, 4);
        assertThat(echo.of(id).lines)
                .containsExactly("opened", "data 0", "data 1", "data 2", "data 3", "data 4", "ended");
    }

    private static void collect(ScriptedServer3.Packet packet, List<Integer> echoed) {
        if (packet.message() instanceof Data data) {
            echoed.add(Bytes.number(data.payload()));
        }
    }

    /** Lets a server keep all that it sends about a session from its begin to its end, and returns the bytes. */
    private static byte[] keep(long id, ScriptedServer3 server) {
        List<FirehoseMessage> messages = new ArrayList<>();
        messages.add(new Opened(false, false, false, 1, 1, Attributes.EMPTY));
        for (int number = 0; number < PACKETS; number++) {
            messages.add(new Data(Bytes.numbered(number, 20)));
        }
        messages.add(new Ended(15, PACKETS, 0, "Client left"));
        messages.forEach(message -> server.keep(id, message));
        return Bytes.concat(messages.stream()
                .map(message -> MessageCodec.frame(id, message))
                .toArray(byte[][]::new));
    }
}
