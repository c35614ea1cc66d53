package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.voltlane.protocol.firehose3.Elsewhere;
import net.voltlane.protocol.firehose3.Position;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedServer3;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests of sessions that move to another server while handlers and senders are at work. */
@Timeout(60)
class AdoptionThreadsTest {
    private static final Duration STALE = Duration.ofSeconds(300);

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private final Recorder3 recorder = new Recorder3() {
        @Override
        public void data(Session session, byte[] data) {
            assertThat(calls.incrementAndGet())
                    .as("calls about a session at once")
                    .isEqualTo(1);
            super.data(session, data);
            if (Bytes.text(data).equals("wait")) {
                begun.countDown();
                Uninterruptibly.await(goOn);
            }
            calls.decrementAndGet();
        }

        @Override
        public void resumed(Session session, String remote, boolean takeover) {
            assertThat(calls.get()).isZero();
            super.resumed(session, remote, takeover);
        }
    };
    private final ScriptedServer3 one = new ScriptedServer3(1).keepsRecords(STALE);
    private final ScriptedServer3 two = new ScriptedServer3(2).keepsRecords(STALE);
    private final ScriptedServer3 three = new ScriptedServer3(3).keepsRecords(STALE);
    private TestBackend it;

    private Session open() throws Exception {
        one.connect(it.address());
        one.opened(7, 1);
        recorder.expect("attached", "7 started", "7 opened");
        two.connect(it.address());
        three.connect(it.address());
        recorder.expect("attached", "attached");
        return recorder.session();
    }

    @AfterEach
    void close() {
        goOn.countDown();
        one.close();
        two.close();
        three.close();
        it.close();
    }

    @Test
    void theLastCallOfTheFormerServerReturnsFirst() throws Exception {
        it = TestBackend.listen(recorder);
        Session session = open();
        one.data(7, utf8("wait"));
        one.data(7, utf8("dropped"));
        begun.await();
        two.adopted(7, 2, 1, 1);
        await().until(() -> session.firehose().number() == 2);
        session.send(Bytes.numbered(1, 20)); // to the former server, which has the session until the call has returned
        two.link().expectSilence(Duration.ofMillis(50));

        goOn.countDown();

        assertThat(two.nextNumbered().message()).isEqualTo(new Position(1, 1, 2));
        assertThat(Bytes.number(two.dataFor(7))).isEqualTo(1);
        recorder.expect("7 data wait");
        recorder.skipTo("7 resumed from 192.0.2.2:5000");
        assertThat(one.nextThat(packet -> packet.message() instanceof Elsewhere).message())
                .isEqualTo(new Elsewhere(2));
        two.data(7, utf8("b"));
        recorder.expect("7 data b");
        assertThat(session.received()).isEqualTo(2);
    }

    @Test
    void ofTwoServersThatWaitTheHigherEpochGetsTheSession() throws Exception {
        it = TestBackend.listen(recorder);
        Session session = open();
        one.data(7, utf8("wait"));
        begun.await();
        two.adopted(7, 2, 1, 1);
        await().until(() -> session.firehose().number() == 2);
        three.adopted(7, 3, 1, 1);
        await().until(() -> session.firehose().number() == 3);
        assertThat(two.nextNumbered().message()).isEqualTo(new Elsewhere(3));
        goOn.countDown();
        assertThat(three.nextNumbered().message()).isEqualTo(new Position(1, 1, 3));
        recorder.skipTo("7 resumed from 192.0.2.3:5000");
        two.data(7, utf8("dropped"));
        three.data(7, utf8("b"));
        recorder.expect("7 data b");
    }

    @Test
    void theWaitForAStuckCallIsBounded() throws Exception {
        it = TestBackend.listen(recorder, Duration.ofMillis(20));
        Session session = open();
        one.data(7, utf8("wait"));
        begun.await();
        two.adopted(7, 2, 1, 1);
        two.data(7, utf8("dropped"));
        assertThat(two.nextNumbered().message()).isEqualTo(new Elsewhere(1));
        goOn.countDown();
        one.data(7, utf8("b"));
        recorder.expect("7 data wait", "7 data b");
        assertThat(session.firehose().number()).isEqualTo(1);
        two.adopted(7, 2, 1, 1);
        assertThat(two.nextNumbered().message()).isEqualTo(new Position(2, 1, 2));
    }

    /** The former server's reader waits for room at the new one, whose reader waits for it. */
    @Test
    void aCallThatWaitsForRoomAtTheNewServerGetsIt() throws Exception {
        CompletableFuture<Boolean> sent = new CompletableFuture<>();
        Recorder3 sender = new Recorder3() {
            @Override
            public void data(Session session, byte[] data) {
                begun.countDown();
                sent.complete(it.backend.session(8).send(new byte[100]));
            }
        };
        it = TestBackend.listen(sender, BackendOptions.DEFAULT.withSendBufferBytes(113));
        one.connect(it.address());
        one.opened(7, 1);
        two.connect(it.address());
        two.opened(8, 1);
        await().until(() -> it.backend.sessions().size() == 2);
        Session seven = it.backend.session(7);
        it.backend.session(8).send(new byte[100]);
        assertThat(two.dataFor(8)).hasSize(100);
        one.data(7, utf8("x"));
        begun.await();
        two.adopted(7, 2, 1, 1);
        await().until(() -> seven.firehose().number() == 2);
        two.link().expectSilence(Duration.ofMillis(20));

        two.acknowledge();

        assertThat(sent.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(two.dataFor(8)).hasSize(100);
        assertThat(two.nextNumbered().message()).isEqualTo(new Position(1, 1, 2));
    }

    @Test
    void aSenderThatWaitsForRoomGoesOnAtTheNewServer() throws Exception {
        it = TestBackend.listen(recorder, BackendOptions.DEFAULT.withSendBufferBytes(113));
        Session session = open();
        session.send(Bytes.numbered(1, 100));
        CompletableFuture<Boolean> sent = new CompletableFuture<>();
        Thread sender = new Thread(() -> sent.complete(session.send(Bytes.numbered(2, 100))));
        sender.start();
        await().until(() -> sender.getState() == Thread.State.WAITING);
        assertThat(session.trySend(new byte[1])).isFalse();

        two.adopted(7, 2, 1, 1);

        assertThat(two.nextNumbered().message()).isEqualTo(new Position(0, 1, 2));
        assertThat(Bytes.number(two.dataFor(7))).isEqualTo(1);
        two.acknowledge();
        assertThat(Bytes.number(two.dataFor(7))).isEqualTo(2);
        assertThat(sent.get(20, TimeUnit.SECONDS)).isTrue();
        two.acknowledge();
        recorder.skipTo("writable");
        await().until(() -> session.trySend(Bytes.numbered(3, 100)));
        assertThat(Bytes.number(two.dataFor(7))).isEqualTo(3);
    }

    @Test
    void twoServersMayTakeSessionsOfEachOtherAtOnce() throws Exception {
        it = TestBackend.listen(new Handler() {});
        one.connect(it.address());
        two.connect(it.address());
        one.opened(7, 1);
        two.opened(8, 1);
        for (int epoch = 2; epoch < 200; epoch++) {
            ScriptedServer3 ofSeven = epoch % 2 == 0 ? two : one;
            ScriptedServer3 ofEight = epoch % 2 == 0 ? one : two;
            ofEight.data(7, utf8("before"));
            ofSeven.data(8, utf8("before"));
            ofEight.adopted(8, epoch, 1, 1);
            ofSeven.adopted(7, epoch, 1, 1);
            long answered = epoch;
            ofSeven.nextThat(packet -> packet.message() instanceof Position position && position.epoch() == answered);
            ofEight.nextThat(packet -> packet.message() instanceof Position position && position.epoch() == answered);
        }
        assertThat(it.backend.sessions()).hasSize(2);
    }

    /** Application threads send all the time while the session moves between three servers. */
    @Test
    void whatIsSentWhileTheSessionMovesComesOnceInOrder() throws Exception {
        it = TestBackend.listen(
                recorder,
                BackendOptions.DEFAULT
                        .withUndeliveredPacketsPerSession(1 << 20)
                        .withUndeliveredBytesPerSession(16 << 20));
        Session session = open();
        int all = 20_000;
        Thread sender = new Thread(() -> {
            for (int number = 1; number <= all; number++) {
                session.send(Bytes.numbered(number, 8));
            }
        });
        sender.start();
        ScriptedServer3[] servers = {one, two, three};
        int had = 0;
        int epoch = 1;
        ScriptedServer3 server = one;
        while (had < all) {
            for (int packet = 0; packet < 300 && had < all; packet++) {
                had++;
                assertThat(Bytes.number(server.dataFor(7))).isEqualTo(had);
            }
            server.acknowledge();
            server.delivered(7, had - 100);
            epoch++;
            server = servers[(epoch - 1) % 3];
            server.adopted(7, epoch, 1, had + 1);
            int next = had + 1;
            server.nextThat(packet -> packet.message() instanceof Position position && position.nextToClient() == next);
        }
        sender.join(20_000);
        assertThat(it.backend.stats().gaps()).isZero();
        assertThat(it.backend.sessions()).containsExactly(session);
    }
}
