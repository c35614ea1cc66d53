package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Reason;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import org.assertj.core.api.Assumptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of the client against the project's own server. */
@Timeout(120)
@ExtendWith({LeakCheck.class, ThreadsLeft.class})
final class OwnServerTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final Recorder events = new Recorder();

    @Test
    void packetsOfAllSizesGoBothWaysInOrder() throws Exception {
        int[] sizes = {0, 1, 16_379, 16_380, 16_381, 5, 70_000, 0, 300_000, 3, 8_388_599, 17};
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = server.client().connect()) {
            server.master().echo(true);
            for (int size : sizes) {
                client.send(new byte[size]);
            }
            for (int size : sizes) {
                assertThat(client.receive(LONG)).hasSize(size);
            }
            assertThatThrownBy(() -> client.send(new byte[8_388_600])).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aBufferIsSentFromPositionToLimitAndConsumed() throws Exception {
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = server.client().connect()) {
            ByteBuffer packet =
                    ByteBuffer.wrap(Bytes.utf8("xxhelloxx")).position(2).limit(7);
            client.send(packet);
            assertThat(packet.hasRemaining()).isFalse();
            packet.put(6, (byte) '!'); // a copy was taken
            assertThat(server.master().dataOf(client.sessionId())).isEqualTo(Bytes.utf8("hello"));
        }
    }

    @Test
    void aHandlerGetsThePacketsInOrder() throws Exception {
        BlockingQueue<byte[]> got = new LinkedBlockingQueue<>();
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client =
                        server.client().onData((it, packet) -> got.add(packet)).connect()) {
            server.master().echo(true);
            for (int i = 0; i < 1_000; i++) {
                client.send(Bytes.numbered(i, 10));
            }
            for (int i = 0; i < 1_000; i++) {
                assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo(Bytes.numbered(i, 10));
            }
        }
    }

    @Test
    void manyThreadsMaySendEachInItsOrder() throws Exception {
        int threads = 4;
        int each = 2_000;
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = server.client().connect()) {
            List<Thread> senders = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int first = t * each;
                Thread sender = new Thread(() -> {
                    try {
                        for (int i = 0; i < each; i++) {
                            client.send(Bytes.numbered(first + i, 20));
                        }
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
                sender.start();
                senders.add(sender);
            }
            int[] next = new int[threads];
            for (int i = 0; i < threads * each; i++) {
                int number = Bytes.number(server.master().dataOf(client.sessionId()));
                assertThat(number % each).isEqualTo(next[number / each]++);
            }
            for (Thread sender : senders) {
                sender.join();
            }
        }
    }

    @Test
    void aCutLinkIsResumedAndNothingThatWasQueuedIsLost() throws Exception {
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = server.client().listener(events).connect()) {
            long id = client.sessionId();
            client.send(Bytes.utf8("before"));
            assertThat(server.master().dataOf(id)).isEqualTo(Bytes.utf8("before"));
            for (int i = 0; i < 5; i++) {
                server.relay().cut();
                events.until("suspended");
                events.until("resumed");
                server.master().expectReconnection(id);
                client.send(Bytes.numbered(i, 8));
                assertThat(server.master().dataOf(id)).isEqualTo(Bytes.numbered(i, 8));
            }
        }
    }

    @Test
    void packetsThatTheBackendSentMeanwhileAreDelivered() throws Exception {
        FakeTime time = new FakeTime();
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = server.client()
                        .listener(events)
                        .environment(new Environment(time, () -> 0.5, ScriptedServer.RANDOM))
                        .connect()) {
            long id = client.sessionId();
            client.send(Bytes.utf8("hello"));
            server.master().dataOf(id);
            time.hold();
            server.relay().cut();
            events.until("suspended");
            for (int i = 0; i < 50; i++) {
                server.master().send(id, Bytes.numbered(i, 100));
            }
            time.release();
            events.until("resumed");
            server.master().expectReconnection(id);
            server.master().send(id, Bytes.numbered(50, 100));
            for (int i = 0; i <= 50; i++) {
                assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(i, 100));
            }
        }
    }

    @Test
    void aKickDeliversWhatWasSentBeforeAndIsTheEnd() throws Exception {
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = server.client().listener(events).connect()) {
            long id = client.sessionId();
            client.send(Bytes.utf8("hello"));
            server.master().dataOf(id);
            server.master().send(id, Bytes.utf8("goodbye"));
            server.master().kick(id);
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("goodbye"));
            assertThatThrownBy(client::receive).isInstanceOf(SessionGoneException.class);
            events.until("closed SESSION_GONE true");
            server.master().expectFailure(id, Reason.CLIENT_KICKED);
        }
    }

    @Test
    void afterAKickANewSessionCarriesOnWhereThatIsAllowed() throws Exception {
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = server.client()
                        .newSessionWhenGone(true)
                        .listener(events)
                        .connect()) {
            long id = client.sessionId();
            client.send(Bytes.utf8("hello"));
            server.master().dataOf(id);
            server.master().kick(id);
            assertThat(events.until("gone")).containsExactly("connected new", "suspended", "gone 0");
            events.until("connected new");
            client.send(Bytes.utf8("me again"));
            assertThat(client.sessionId()).isNotEqualTo(id);
            assertThat(server.master().dataOf(client.sessionId())).isEqualTo(Bytes.utf8("me again"));
        }
    }

    @Test
    void aSessionThatWasAwayForTooLongIsGone() throws Exception {
        FakeTime time = new FakeTime();
        try (OwnServer server = OwnServer.start(clients -> clients.withStaleTimeoutSecs(0));
                VoltlaneClient client = server.client()
                        .listener(events)
                        .environment(new Environment(time, () -> 0.5, ScriptedServer.RANDOM))
                        .connect()) {
            client.send(Bytes.utf8("hello"));
            server.master().dataOf(client.sessionId());
            time.hold();
            server.relay().cut();
            server.master().expectFailure(client.sessionId(), Reason.CLIENT_DISCONNECTED);
            time.release();
            events.until("closed SESSION_GONE true");
        }
    }

    @Test
    void ofTwoHoldersOfOneStateOneGivesUpAndTheOtherGoesOn() throws Exception {
        FakeTime time = new FakeTime();
        Environment environment = new Environment(time, () -> 0.5, ScriptedServer.RANDOM);
        Recorder one = new Recorder();
        Recorder two = new Recorder();
        try (OwnServer server = OwnServer.start();
                VoltlaneClient first =
                        server.client().listener(one).environment(environment).connect();
                VoltlaneClient second = server.client()
                        .importState(first.exportState())
                        .listener(two)
                        .environment(environment)
                        .connect()) {
            await().atMost(Duration.ofSeconds(60)).until(() -> isOver(first) != isOver(second));
            VoltlaneClient loser = isOver(first) ? first : second;
            VoltlaneClient winner = isOver(first) ? second : first;
            assertThatThrownBy(loser::receive).isInstanceOf(TakenOverException.class);
            await().until(winner::isConnected);
            server.master().echo(true);
            winner.send(Bytes.utf8("mine"));
            assertThat(winner.receive(LONG)).isEqualTo(Bytes.utf8("mine"));
        }
    }

    private static boolean isOver(VoltlaneClient client) throws InterruptedException {
        try {
            client.receive(Duration.ZERO);
            return false;
        } catch (ClientException e) {
            return true;
        }
    }

    @Test
    void anExportedStateOutlivesItsClient() throws Exception {
        try (OwnServer server = OwnServer.start()) {
            byte[] saved;
            long id;
            try (VoltlaneClient client = server.client().connect()) {
                id = client.sessionId();
                client.send(Bytes.utf8("from the first life"));
                saved = client.exportState().toBytes();
            }
            assertThat(server.master().dataOf(id)).isEqualTo(Bytes.utf8("from the first life"));
            try (VoltlaneClient client = server.client()
                    .importState(SessionState.fromBytes(saved))
                    .listener(events)
                    .connect()) {
                assertThat(events.until("connected")).containsExactly("connected old");
                server.master().expectReconnection(id);
                client.send(Bytes.utf8("from the second"));
                assertThat(server.master().dataOf(id)).isEqualTo(Bytes.utf8("from the second"));
            }
        }
    }

    @Test
    void virtualThreadsWillDoWhereThereAreAny() throws Exception {
        ThreadFactory virtual = virtualThreads();
        Assumptions.assumeThat(virtual).isNotNull();
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client =
                        server.client().threads(virtual).listener(events).connect()) {
            server.master().echo(true);
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            virtual.newThread(() -> {
                        try {
                            server.relay().cut();
                            events.until("resumed");
                            client.send(Bytes.utf8("hello"));
                            answer.complete(client.receive());
                        } catch (Exception | AssertionError e) {
                            answer.completeExceptionally(e);
                        }
                    })
                    .start();
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(Bytes.utf8("hello"));
        }
    }

    /** Returns a factory of virtual threads, or null before Java 21. */
    private static @Nullable ThreadFactory virtualThreads() throws ReflectiveOperationException {
        if (Runtime.version().feature() < 21) {
            return null;
        }
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        return (ThreadFactory)
                Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
    }

    @Test
    void noSecretIsShown() throws Exception {
        try (OwnServer server = OwnServer.start();
                VoltlaneClient client = server.client().connect()) {
            String id = Long.toString(client.sessionId());
            assertThat(client).hasToString("VoltlaneClient[id=" + id + "]");
            assertThat(client.exportState()).hasToString("SessionState[id=" + id + "]");
        }
    }
}
