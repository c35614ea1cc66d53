package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedServer3;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests of handlers that send far more than the send buffer holds: an Ack is heard even while a handler waits for room. */
@Timeout(30)
class Version3BackpressureTest {
    private static final int PACKETS = 30;
    private static final int ANSWERS = 40;
    private static final int ANSWER_BYTES = 1_000;
    private static final BackendOptions OPTIONS = BackendOptions.DEFAULT.withSendBufferBytes(10_000);

    /** A room: what one session sends goes to all sessions, of all servers, many times. */
    private static final class Loud implements Handler {
        private final Set<Session> members = ConcurrentHashMap.newKeySet();

        @Override
        public void opened(Session session, ClientInfo client) {
            members.add(session);
        }

        @Override
        public void data(Session session, byte[] data) {
            for (int answer = 0; answer < ANSWERS; answer++) {
                for (Session member : members) {
                    assertThat(member.send(Bytes.numbered(Bytes.number(data), ANSWER_BYTES)))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void aHandlerThatSendsMoreThanTheBufferHoldsGoesOn() throws Exception {
        try (TestBackend it = TestBackend.listen(new Loud(), OPTIONS);
                ScriptedServer3 server = new ScriptedServer3(1)) {
            server.connect(it.address());
            server.opened(1);
            sendAll(server, 1);
            List<Integer> answers = receive(server, PACKETS * ANSWERS);
            for (int i = 0; i < PACKETS * ANSWERS; i++) {
                assertThat(answers.get(i)).isEqualTo(i / ANSWERS);
            }
            server.awaitAcknowledged();
            assertThat(it.backend.stats().handlerFailures()).isZero();
        }
    }

    /** Each handler call waits for room for the other server, whose Acks only the other reader can hear. */
    @Test
    void handlersThatWaitForEachOthersServersGoOn() throws Exception {
        try (TestBackend it = TestBackend.listen(new Loud(), OPTIONS);
                ScriptedServer3 one = new ScriptedServer3(1);
                ScriptedServer3 other = new ScriptedServer3(2)) {
            one.connect(it.address());
            one.opened(1);
            one.awaitAcknowledged();
            other.connect(it.address());
            other.opened(2);
            other.awaitAcknowledged();
            sendAll(one, 1);
            sendAll(other, 2);
            CompletableFuture<List<Integer>> received =
                    CompletableFuture.supplyAsync(() -> receive(one, 2 * PACKETS * ANSWERS));
            assertThat(receive(other, 2 * PACKETS * ANSWERS)).hasSize(2 * PACKETS * ANSWERS);
            assertThat(received.get(20, TimeUnit.SECONDS)).hasSize(2 * PACKETS * ANSWERS);
            assertThat(it.backend.stats().handlerFailures()).isZero();
        }
    }

    private static void sendAll(ScriptedServer3 server, long id) {
        for (int number = 0; number < PACKETS; number++) {
            server.data(id, Bytes.numbered(number, 20_000));
        }
    }

    /** Receives answers, and acknowledges now and then. */
    private static List<Integer> receive(ScriptedServer3 server, int count) {
        List<Integer> numbers = new ArrayList<>();
        while (numbers.size() < count) {
            if (server.next().message() instanceof Data data) {
                numbers.add(Bytes.number(data.payload()));
                if (numbers.size() % 5 == 0) {
                    server.acknowledge();
                }
            }
        }
        return numbers;
    }
}
