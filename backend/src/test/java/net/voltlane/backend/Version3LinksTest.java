package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.protocol.firehose3.Ping;
import net.voltlane.protocol.firehose3.Pong;
import net.voltlane.protocol.firehose3.Welcome;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedConnectionServer;
import net.voltlane.testkit.ScriptedServer3;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests of firehose 3 over several links, of the same and of other pairs of instances. */
@Timeout(30)
class Version3LinksTest {
    private static final Duration ORPHAN_TIMEOUT = BackendOptions.DEFAULT.orphanTimeout();

    private final Recorder3 recorder = new Recorder3();
    private final ScriptedServer3 server = new ScriptedServer3(1);
    private TestBackend it;

    private Session open(BackendOptions options) throws Exception {
        it = TestBackend.listen(recorder, options);
        server.connect(it.address());
        server.opened(7);
        recorder.expect("attached", "7 started", "7 opened");
        return recorder.session();
    }

    private Session open() throws Exception {
        return open(BackendOptions.DEFAULT);
    }

    /** Waits until the backend's reader waits for bytes, so that time that passes from now on is silence. */
    private void awaitReader() {
        await().until(() -> it.backend.firehoses().get(0).version() instanceof Version3 link && link.isWaiting());
    }

    /** Cuts the link, and waits until the backend has noticed. */
    private void lose() throws Exception {
        Firehose newest = it.backend.firehoses().get(it.backend.firehoses().size() - 1);
        server.cut();
        assertThat(newest.awaitEnd(TimeUnit.SECONDS.toNanos(10))).isTrue();
        assertThat(recorder.next()).startsWith("detached: ");
    }

    @AfterEach
    void close() {
        server.close();
        it.close();
    }

    // ---- the same pair of instances

    @Test
    void whatTheServerHasNotReceivedGoesAgain() throws Exception {
        Session session = open();
        for (int number = 0; number < 5; number++) {
            session.send(Bytes.numbered(number, 10));
        }
        assertThat(Bytes.number(server.dataFor(7))).isZero();
        assertThat(Bytes.number(server.dataFor(7))).isEqualTo(1);
        await().until(() -> it.backend.stats().sent() == 5); // what was never written is not sent again
        lose();
        assertThat(session.isAway()).isTrue();
        session.send(Bytes.numbered(5, 10));

        server.connect(it.address());
        recorder.expect("attached");

        for (int number = 2; number <= 5; number++) {
            assertThat(Bytes.number(server.dataFor(7))).isEqualTo(number);
        }
        assertThat(session.isAway()).isFalse();
        assertThat(session.firehose().number()).isEqualTo(2);
        assertThat(it.backend.stats().resent()).isEqualTo(3);
        assertThat(it.backend.sessions()).containsExactly(session);
        recorder.expectNothingMore();
    }

    @Test
    void whatTheBackendHasTakenOverIsNotTakenTwice() throws Exception {
        open();
        server.data(7, utf8("a"));
        recorder.expect("7 data a");
        server.awaitAcknowledged();
        server.data(7, utf8("b"));
        recorder.expect("7 data b");
        lose();
        server.keep(7, new Data(utf8("c")));

        assertThat(server.connect(it.address()).received()).isEqualTo(3);

        recorder.expect("attached", "7 data c");
        server.data(7, utf8("d"));
        recorder.expect("7 data d");
    }

    @Test
    void packetsAreWrittenAgainAsOftenAsLinksBreak() throws Exception {
        Session session = open();
        session.send(utf8("a"));
        session.kick("bye");
        for (int round = 0; round < 5; round++) {
            lose();
            server.connect(it.address());
            recorder.expect("attached");
        }
        assertThat(server.dataFor(7)).isEqualTo(utf8("a"));
        assertThat(server.kickOf(7)).isEqualTo("bye");
    }

    @Test
    void acknowledgedPacketsFreeTheSendBuffer() throws Exception {
        Session session = open(BackendOptions.DEFAULT.withSendBufferBytes(2 * (13 + 100)));
        assertThat(session.trySend(new byte[100])).isTrue();
        assertThat(session.trySend(new byte[100])).isTrue();
        assertThat(session.trySend(new byte[0])).isFalse();
        assertThat(session.firehose().isWritable()).isFalse();
        assertThat(session.firehose().queuedBytes()).isEqualTo(2 * 113);
        server.dataFor(7);
        server.dataFor(7);
        server.link().expectSilence(Duration.ofMillis(20));
        assertThat(session.trySend(new byte[0])).isFalse();

        server.acknowledge();

        recorder.expect("writable");
        assertThat(session.firehose().queuedBytes()).isZero();
        assertThat(session.trySend(new byte[100])).isTrue();
    }

    @Test
    void withoutALinkTheSendBufferHoldsWhatItCan() throws Exception {
        Session session = open(BackendOptions.DEFAULT.withSendBufferBytes(2 * (13 + 100)));
        lose();
        assertThat(session.send(new byte[100])).isTrue();
        assertThat(session.send(new byte[100])).isTrue();
        assertThat(session.send(new byte[1])).isFalse();
        assertThat(session.trySend(new byte[1])).isFalse();
        server.connect(it.address());
        recorder.expect("attached");
        server.dataFor(7);
        server.dataFor(7);
        server.acknowledge();
        recorder.expect("writable");
        assertThat(it.backend.stats().dropped()).isZero();
    }

    @Test
    void aSenderThatWaitsForRoomStopsWaitingWhenTheLinkIsLost() throws Exception {
        Session session = open(BackendOptions.DEFAULT.withSendBufferBytes(113));
        session.send(new byte[100]);
        CompletableFuture<Boolean> sent = new CompletableFuture<>();
        Thread sender = new Thread(() -> sent.complete(session.send(new byte[100])));
        sender.start();
        await().until(() -> sender.getState() == Thread.State.WAITING);
        lose();
        assertThat(sent.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void aServerThatDialsAnewBeforeItsOldLinkIsKnownToBeGoneGoesOn() throws Exception {
        Session session = open();
        ScriptedConnectionServer old = server.link();
        session.send(utf8("a"));
        server.connect(it.address());
        recorder.skipTo("detached: its server has dialled anew");
        old.readUntilClosed();
        assertThat(server.dataFor(7)).isEqualTo(utf8("a"));
        server.data(7, utf8("b"));
        recorder.expect("7 data b");
        assertThat(it.backend.firehoses()).hasSize(1);
    }

    @Test
    void aLinkIsAnsweredOnlyWhenTheOlderOneIsReadNoMore() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        it = TestBackend.listen(new Recorder3() {
            @Override
            public void data(Session session, byte[] data) {
                recorder.data(session, data);
                Uninterruptibly.await(goOn);
            }
        });
        server.connect(it.address());
        server.opened(7);
        server.data(7, utf8("a"));
        server.data(7, utf8("b"));
        recorder.expect("7 data a");
        for (int links = 0; links < 5; links++) { // a real server gives each up after a while
            server.dial(it.address(), 0);
            server.hello();
        }
        server.link().expectSilence(Duration.ofMillis(150));
        await().until(() -> it.backend.firehoses().size() == 1);

        goOn.countDown();

        assertThat(server.welcome().received()).isEqualTo(2);
        recorder.expect("7 data b");
        server.awaitAcknowledged();
    }

    // ---- time

    @Test
    void aLinkThatIsSilentFor15SecondsIsLost() throws Exception {
        open();
        awaitReader();
        it.pass(Duration.ofSeconds(15).minusNanos(1));
        assertThat(it.backend.firehoses()).hasSize(1);
        server.send(0, new Ping(new byte[0]));
        server.nextThat(packet -> packet.message() instanceof Pong);
        awaitReader();
        it.pass(Duration.ofSeconds(15).minusNanos(1));
        assertThat(it.backend.firehoses()).hasSize(1);
        it.pass(Duration.ofNanos(1));
        recorder.expect("detached: sent nothing for 15 s");
    }

    @Test
    void aLinkIsNotSilentWhileAHandlerRuns() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        it = TestBackend.listen(new Recorder3() {
            @Override
            public void data(Session session, byte[] data) {
                recorder.data(session, data);
                Uninterruptibly.await(goOn);
            }
        });
        server.connect(it.address());
        server.opened(7);
        server.data(7, utf8("a"));
        recorder.expect("7 data a");
        it.pass(Duration.ofMinutes(10));
        server.nextThat(packet -> packet.message() instanceof Ping);
        goOn.countDown();
        server.awaitAcknowledged();
        assertThat(it.backend.firehoses()).hasSize(1);
    }

    @Test
    void afterAStopOfTheProcessTheServerHasTimeToBeHeard() throws Exception {
        open();
        awaitReader();
        it.stopped(Duration.ofHours(1));
        it.pass(Duration.ofSeconds(15).minusNanos(1));
        assertThat(it.backend.firehoses()).hasSize(1);
        it.pass(Duration.ofNanos(1));
        recorder.expect("detached: sent nothing for 15 s");
    }

    @Test
    void aServerThatAcknowledgesNothingIsCut() throws Exception {
        Session session = open();
        session.send(utf8("a"));
        server.dataFor(7);
        server.send(0, new Ping(utf8("after that")));
        server.nextThat(packet -> packet.message() instanceof Pong);
        awaitReader();
        for (int i = 0; i < 12; i++) {
            it.pass(Duration.ofSeconds(10).minusNanos(1));
            server.send(0, new Ping(utf8("x")));
            server.nextThat(packet -> packet.message() instanceof Pong);
            awaitReader();
        }
        recorder.expectNothingMore();
        it.pass(Duration.ofNanos(12));
        recorder.expect("detached: took nothing for 120 s");
        assertThat(session.isAway()).isTrue();
    }

    @Test
    void aServerThatDoesNotReturnIsForgottenWithItsSessions() throws Exception {
        Session session = open();
        session.send(utf8("in vain"));
        lose();
        it.pass(ORPHAN_TIMEOUT.minusNanos(1));
        assertThat(session.isOpen()).isTrue();
        it.pass(Duration.ofNanos(1));
        recorder.expect("7 ended: Connection server lost");
        assertThat(it.backend.stats().dropped()).isEqualTo(1);
        assertThat(session.send(utf8("too late"))).isFalse();

        byte[] before = server.backend();
        Welcome welcome = server.connect(it.address());
        assertThat(welcome.backend()).as("another pair").isNotEqualTo(before);
        assertThat(welcome.received()).isZero();
        server.opened(7, true, 1, 1);
        recorder.expect("attached", "7 started", "7 opened existing");
    }

    // ---- another pair of instances

    @Test
    void aServerThatHasLostTheCountGetsAgainWhatItHasNotHad() throws Exception {
        Session seven = open();
        server.opened(8);
        server.opened(9);
        recorder.expect("8 started", "8 opened", "9 started", "9 opened");
        Session eight = recorder.session();
        Session nine = recorder.session();
        for (int number = 1; number <= 4; number++) {
            seven.send(Bytes.numbered(number, 10));
            eight.send(Bytes.numbered(number, 10));
        }
        eight.kick("bye");
        server.data(7, utf8("one"));
        server.data(7, utf8("two"));
        recorder.expect("7 data one", "7 data two");
        lose();

        server.forgetBackend();
        assertThat(server.connect(it.address()).received()).isZero();
        seven.send(Bytes.numbered(5, 10)); // not before the server has opened the session anew
        server.link().expectSilence(Duration.ofMillis(20));
        server.opened(8, true, 1, 5);
        assertThat(server.kickOf(8)).isEqualTo("bye");
        server.opened(7, true, 2, 3);
        server.data(7, utf8("two"));
        server.data(7, utf8("three"));

        for (int number = 3; number <= 5; number++) {
            assertThat(Bytes.number(server.dataFor(7))).isEqualTo(number);
        }
        recorder.expect("attached", "9 ended: Session ended unseen", "7 data three");
        assertThat(seven.received()).isEqualTo(3);
        assertThat(nine.isOpen()).isFalse();
        assertThat(it.backend.sessions()).containsExactlyInAnyOrder(seven, eight);
        assertThat(it.backend.stats().repeated()).isEqualTo(1);
        server.awaitAcknowledged();
    }

    @Test
    void aPresentMayBeCutInTheMiddle() throws Exception {
        Session seven = open();
        server.opened(8);
        recorder.expect("8 started", "8 opened");
        Session eight = recorder.session();
        seven.send(utf8("a"));
        eight.send(utf8("b"));
        lose();
        server.forgetBackend();
        server.connect(it.address());
        server.opened(7, true, 1, 1);
        assertThat(server.dataFor(7)).isEqualTo(utf8("a"));
        recorder.expect("attached");
        lose();
        eight.send(utf8("c"));
        server.connect(it.address());
        server.opened(8, true, 1, 1);
        assertThat(server.dataFor(8)).isEqualTo(utf8("b"));
        assertThat(server.dataFor(8)).isEqualTo(utf8("c"));
        assertThat(it.backend.sessions()).containsExactlyInAnyOrder(seven, eight);
    }

    @Test
    void aServerMayLoseTheCountAgainAndAgain() throws Exception {
        Session session = open();
        for (int number = 1; number <= 5; number++) {
            session.send(Bytes.numbered(number, 10));
            lose();
            server.forgetBackend();
            server.connect(it.address());
            recorder.expect("attached");
        }
        server.opened(7, true, 1, 3);
        for (int number = 3; number <= 5; number++) {
            assertThat(Bytes.number(server.dataFor(7))).isEqualTo(number);
        }
    }

    @Test
    void sessionsThatAnIdleServerDoesNotOpenAnewHaveEnded() throws Exception {
        Session session = open();
        session.send(utf8("a"));
        lose();
        server.forgetBackend();
        server.connect(it.address());
        recorder.expect("attached");
        session.send(utf8("b"));
        server.send(0, new Ping(new byte[0]));
        server.opened(8, true, 1, 1); // the first Ping has only come before the rest
        server.send(0, new Ping(new byte[0]));
        server.send(0, new Ping(new byte[0]));
        recorder.expect("8 started", "8 opened existing", "7 ended: Session ended unseen");
        assertThat(it.backend.stats().dropped()).isEqualTo(2);
        assertThat(it.backend.stats().sessions()).isEqualTo(1);
    }

    @Test
    void aSessionWhoseClientComesOrGoesMeanwhileIsToldSo() throws Exception {
        open();
        lose();
        server.forgetBackend();
        server.connect(it.address());
        server.send(7, new Opened(true, true, false, 1, 1, Attributes.EMPTY));
        recorder.expect("attached", "7 suspended: ");
        lose();
        server.forgetBackend();
        server.connect(it.address());
        server.opened(7, true, 1, 1);
        recorder.expect("attached", "7 resumed from ");
    }

    @Test
    void aSessionOfWhichTheServerHasLostPacketsIsKicked() throws Exception {
        Session session = open();
        session.send(utf8("a"));
        session.send(utf8("b"));
        server.dataFor(7);
        server.acknowledge();
        await().until(() -> session.firehose().queuedBytes() == 14);
        lose();
        server.forgetBackend();
        server.connect(it.address());
        server.opened(7, true, 1, 1); // it had acknowledged the first packet
        assertThat(server.nextNumbered().message()).isInstanceOf(Data.class);
        assertThat(server.kickOf(7)).isEqualTo("gap");
        assertThat(it.backend.stats().malformed()).isEqualTo(1);
    }

    // ---- a restarted backend

    @Test
    void aRestartedBackendWithAnotherNameIsToldThePresent() throws Exception {
        open();
        it.close();
        it = TestBackend.listen(recorder, BackendOptions.DEFAULT);
        server.connect(it.address());
        server.opened(7, true, 5, 9);
        server.data(7, utf8("five"));
        recorder.skipTo("7 opened existing");
        recorder.expect("7 data five");
        Session session = it.backend.session(7);
        assertThat(session).isNotNull();
        assertThat(session.received()).isEqualTo(5);
    }

    @Test
    void aRestartedBackendWithTheSameNameButWithoutItsCountsTakesAnotherName() throws Exception {
        BackendOptions options = BackendOptions.DEFAULT.withInstance("our backend");
        open(options).send(utf8("a"));
        server.dataFor(7);
        it.close();
        byte[] name = server.backend();
        it = TestBackend.listen(recorder, options);
        assertThat(server.connect(it.address()).backend()).isNotEqualTo(name);
        server.opened(7, true, 1, 2);
        recorder.skipTo("7 opened existing");
        ScriptedServer3 other = new ScriptedServer3(2);
        assertThat(other.connect(it.address()).backend()).isEqualTo(name);
        other.close();
    }

    @Test
    void aBackendThatClosesAcknowledgesAllThatItHasTakenOver() throws Exception {
        Session session = open();
        server.data(7, utf8("a"));
        recorder.expect("7 data a");
        session.send(utf8("b"));
        Thread closing = new Thread(it.backend::close);
        closing.start();
        await().until(() -> session.firehose().isFinishing());
        assertThat(server.dataFor(7)).isEqualTo(utf8("b"));
        server.acknowledge();
        server.awaitAcknowledged();
        server.data(7, utf8("c")); // dropped, so not acknowledged
        server.link().readUntilClosed();
        server.link().close();
        closing.join(10_000);
        assertThat(closing.isAlive()).isFalse();
        assertThat(server.acknowledged()).isEqualTo(2);
        assertThat(session.send(utf8("too late"))).isFalse();
    }

    /** A packet whose call has begun counts as taken over, so its answer has to reach the server too. */
    @Test
    void aCallUnderWayMayAnswerThoughTheBackendCloses() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Boolean> answered = new CompletableFuture<>();
        it = TestBackend.listen(
                new Recorder3() {
                    @Override
                    public void data(Session session, byte[] data) {
                        begun.countDown();
                        Uninterruptibly.await(goOn);
                        answered.complete(session.send(data));
                    }
                },
                BackendOptions.DEFAULT);
        server.connect(it.address());
        server.opened(7);
        server.data(7, utf8("a"));
        begun.await();
        Session session = it.backend.session(7);
        Thread closing = new Thread(it.backend::close);
        closing.start();
        await().until(() -> session.firehose().isFinishing());
        assertThat(session.send(utf8("of another thread"))).isFalse();

        goOn.countDown();

        assertThat(answered.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(server.dataFor(7)).isEqualTo(utf8("a"));
        server.acknowledge();
        server.awaitAcknowledged();
        server.link().readUntilClosed();
        server.link().close();
        closing.join(10_000);
        assertThat(server.acknowledged()).isEqualTo(2);
    }
}
