package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedConnectionServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of sessions whose firehose is lost and dialled again. */
@Timeout(30)
class LostFirehoseTest {

    private static final Duration ORPHAN_TIMEOUT = BackendOptions.DEFAULT.orphanTimeout();

    private final Recorder recorder = new Recorder();
    private TestBackend it;

    @AfterEach
    void close() {
        it.close();
    }

    @Test
    void aBackendThatWasStoppedEndsNoSessionBeforeItHasReadWhatCameMeanwhile() throws Exception {
        listen(BackendOptions.DEFAULT);
        Session session = loseFirehoseWithSession();
        it.stopped(ORPHAN_TIMEOUT.multipliedBy(3));
        it.pass(ORPHAN_TIMEOUT.dividedBy(2));
        assertThat(session.isOpen()).isTrue();

        dial().reconnection(7);

        recorder.expect("7 reconnected");
    }

    @Test
    void theTimeOfItsSessionsGoesOnAfterThat() throws Exception {
        listen(BackendOptions.DEFAULT);
        Session session = loseFirehoseWithSession();
        it.stopped(Duration.ofDays(1));
        it.pass(ORPHAN_TIMEOUT.plusSeconds(1));
        assertThat(session.isOpen()).isFalse();
    }

    @Test
    void sessionsStayAndAreAwayUntilANewFirehoseAnnouncesThem() throws Exception {
        listen(BackendOptions.DEFAULT);
        Session session = loseFirehoseWithSession();
        session.attach("kept");
        assertThat(session.isOpen()).isTrue();
        assertThat(session.isAway()).isTrue();
        assertThat(it.backend.sessions()).containsExactly(session);
        assertThat(it.backend.stats().sessionsAway()).isEqualTo(1);

        dial().reconnection(7);

        recorder.expect("7 reconnected");
        assertThat(session.isAway()).isFalse();
        assertThat(session.firehose()).isSameAs(it.backend.firehoses().get(0));
        assertThat(it.backend.session(7))
                .isSameAs(session)
                .extracting(Session::attachment)
                .isEqualTo("kept");
        assertThat(it.backend.stats().sessionsAway()).isZero();
    }

    @Test
    void anythingThatANewFirehoseCarriesBringsASessionBack() throws Exception {
        listen(BackendOptions.DEFAULT);
        Session session = loseFirehoseWithSession();
        dial().data(7, utf8("b"));
        recorder.expect("7 data b");
        assertThat(it.backend.sessions()).containsExactly(session);
    }

    @Test
    void aFailureOnANewFirehoseEndsASessionThatIsAway() throws Exception {
        listen(BackendOptions.DEFAULT);
        Session session = loseFirehoseWithSession();
        assertThat(session.send(utf8("in vain"))).isTrue();

        ScriptedConnectionServer next = dial();
        next.failure(7, "Client disconnected");

        recorder.expect("7 ended: Client disconnected");
        assertThat(session.isOpen()).isFalse();
        assertThat(it.backend.sessions()).isEmpty();
        assertThat(it.backend.stats().dropped()).isEqualTo(1);
        next.data(8, utf8("x"));
        recorder.expect("8 started", "8 data x");
        assertThat(recorder.session().send(utf8("y"))).isTrue();
        assertThat(next.dataFor(8)).isEqualTo(utf8("y"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anotherFirehoseThatWasThereBeforeMayTakeASessionOverAsWell(boolean announced) throws Exception {
        listen(BackendOptions.DEFAULT);
        ScriptedConnectionServer other = dial();
        Session session = loseFirehoseWithSession();
        if (announced) {
            other.reconnection(7);
            recorder.expect("7 reconnected");
        } else {
            other.data(7, utf8("b"));
            recorder.expect("7 data b");
        }
        assertThat(it.backend.sessions()).containsExactly(session);
    }

    @Test
    void packetsSentMeanwhileAreKeptAndComeFirst() throws Exception {
        listen(BackendOptions.DEFAULT);
        Session session = loseFirehoseWithSession();
        assertThat(session.send(utf8("one"))).isTrue();
        assertThat(session.trySend(ByteBuffer.wrap(utf8("two")))).isTrue();

        ScriptedConnectionServer next = dial();
        next.reconnection(7);
        recorder.expect("7 reconnected");
        assertThat(session.send(utf8("three"))).isTrue();

        assertThat(next.dataFor(7)).isEqualTo(utf8("one"));
        assertThat(next.dataFor(7)).isEqualTo(utf8("two"));
        assertThat(next.dataFor(7)).isEqualTo(utf8("three"));
    }

    @Test
    void keptPacketsAreBoundedAndReleaseTheirRoom() throws Exception {
        int packet = 13 + 5;
        listen(BackendOptions.DEFAULT.withAwayBufferBytes(2L * packet));
        Session session = loseFirehoseWithSession();
        for (int round = 0; round < 3; round++) {
            assertThat(session.send(utf8("one__"))).isTrue();
            assertThat(session.send(utf8("two__"))).isTrue();
            assertThat(session.send(utf8(""))).isFalse();

            ScriptedConnectionServer next = dial();
            next.reconnection(7);
            recorder.expect("7 reconnected");
            assertThat(next.dataFor(7)).isEqualTo(utf8("one__"));
            assertThat(next.dataFor(7)).isEqualTo(utf8("two__"));
            lose(next);
        }
    }

    @Test
    void afterARefusalOfAnAwaySessionWritableIsCalledWhenItIsBack() throws Exception {
        listen(BackendOptions.DEFAULT.withAwayBufferBytes(0));
        Session session = loseFirehoseWithSession();
        assertThat(session.trySend(utf8("x"))).isFalse();

        ScriptedConnectionServer next = dial();
        next.reconnection(7);

        assertThat(List.of(recorder.next(), recorder.next()))
                .containsExactlyInAnyOrder("7 reconnected", "writable"); // on two threads
        assertThat(session.trySend(utf8("x"))).isTrue();
        assertThat(next.dataFor(7)).isEqualTo(utf8("x"));
    }

    @Test
    void afterARefusalByAFullFirehoseThatIsLostWritableIsCalledWhenTheSessionIsBack() throws Exception {
        listen(BackendOptions.DEFAULT.withSendBufferBytes(100_000).withAwayBufferBytes(0));
        ScriptedConnectionServer server = dial(4096);
        server.data(7, utf8("a"));
        recorder.expect("7 started", "7 data a");
        Session session = recorder.session();
        assertThat(session.trySend(new byte[8_000_000])).isTrue(); // more than sockets can hold
        assertThat(session.trySend(utf8("x"))).isFalse();
        lose(server);

        dial().reconnection(7);

        assertThat(List.of(recorder.next(), recorder.next())).containsExactlyInAnyOrder("7 reconnected", "writable");
        assertThat(session.trySend(utf8("x"))).isTrue();
    }

    @Test
    void nothingIsKeptWhereNothingIsToBe() throws Exception {
        listen(BackendOptions.DEFAULT.withAwayBufferBytes(0));
        assertThat(loseFirehoseWithSession().send(new byte[0])).isFalse();
    }

    @Test
    void aPacketThatTheLostLinkTookInPartGoesAgainWhole() throws Exception {
        listen(BackendOptions.DEFAULT);
        ScriptedConnectionServer server = dial(4096);
        server.data(7, utf8("a"));
        recorder.expect("7 started", "7 data a");
        Session session = recorder.session();
        int sent = sendMoreThanASocketTakes(session);
        server.dataFor(7);
        lose(server);
        long sentByTheLost = it.backend.stats().sent();

        ScriptedConnectionServer next = dial();
        next.reconnection(7);
        recorder.expect("7 reconnected");

        int first = Bytes.number(next.dataFor(7));
        assertThat(first).isBetween(1, sent - 100);
        assertThat(sentByTheLost).isEqualTo(first);
        for (int number = first + 1; number < sent; number++) {
            assertThat(Bytes.number(next.dataFor(7))).isEqualTo(number);
        }
        assertThat(it.backend.stats().dropped()).isZero();
    }

    @Test
    void packetsBeyondTheBoundAreDroppedFromTheEndAndCounted() throws Exception {
        listen(BackendOptions.DEFAULT.withAwayBufferBytes(25_000));
        ScriptedConnectionServer server = dial(4096);
        server.data(7, utf8("a"));
        recorder.expect("7 started", "7 data a");
        Session session = recorder.session();
        int sent = sendMoreThanASocketTakes(session);
        lose(server);
        assertThat(session.send(new byte[10_000])).isFalse();
        assertThat(session.send(utf8("after the gap"))).isFalse();

        ScriptedConnectionServer next = dial();
        next.reconnection(7);
        recorder.expect("7 reconnected");
        session.send(utf8("last"));

        int first = Bytes.number(next.dataFor(7));
        assertThat(Bytes.number(next.dataFor(7))).isEqualTo(first + 1);
        assertThat(next.dataFor(7)).isEqualTo(utf8("last"));
        assertThat(it.backend.stats().dropped()).isEqualTo(sent - first - 2);
    }

    @Test
    void aSessionThatIsNotBroughtBackEndsAfterTheOrphanTimeout() throws Exception {
        listen(BackendOptions.DEFAULT);
        Session session = loseFirehoseWithSession();
        assertThat(session.send(utf8("in vain"))).isTrue();

        it.pass(ORPHAN_TIMEOUT.minusNanos(1));
        assertThat(session.isOpen()).isTrue();
        it.pass(Duration.ofNanos(1));

        recorder.expect("7 ended: Connection server lost");
        assertThat(session.isOpen()).isFalse();
        assertThat(session.send(utf8("too late"))).isFalse();
        assertThat(it.backend.sessions()).isEmpty();
        assertThat(it.backend.stats().dropped()).isEqualTo(1);
        it.pass(ORPHAN_TIMEOUT);
        dial().reconnection(7);
        recorder.expect("7 started", "7 reconnected");
    }

    @Test
    void aSessionThatWasBroughtBackDoesNotEnd() throws Exception {
        listen(BackendOptions.DEFAULT);
        Session session = loseFirehoseWithSession();
        it.pass(ORPHAN_TIMEOUT.minusNanos(1));
        dial().reconnection(7);
        recorder.expect("7 reconnected");
        it.pass(ORPHAN_TIMEOUT);
        assertThat(session.isOpen()).isTrue();
        recorder.expectNothingMore();
    }

    @Test
    void aKickWhileAwayTakesEffectOnTheNextFirehose() throws Exception {
        listen(BackendOptions.DEFAULT);
        Session session = loseFirehoseWithSession();
        assertThat(session.send(utf8("bye"))).isTrue();
        assertThat(session.kick()).isTrue();
        assertThat(session.send(utf8("too late"))).isFalse();

        ScriptedConnectionServer next = dial();
        next.reconnection(7);
        recorder.expect("7 reconnected");
        assertThat(next.dataFor(7)).isEqualTo(utf8("bye"));
        next.expectKick(7);
        next.failure(7, "Client kicked");
        recorder.expect("7 ended: Client kicked");
    }

    @Test
    void aKickThatMayHaveBeenLostGoesAgain() throws Exception {
        listen(BackendOptions.DEFAULT);
        ScriptedConnectionServer server = dial();
        server.data(7, utf8("a"));
        recorder.expect("7 started", "7 data a");
        recorder.session().kick();
        server.expectKick(7);
        lose(server);

        ScriptedConnectionServer next = dial();
        next.reconnection(7);
        next.expectKick(7);
    }

    @Test
    void aServerThatDialsAnewBeforeItsOldLinkIsKnownToBeGoneKeepsItsSessions() throws Exception {
        listen(BackendOptions.DEFAULT);
        ScriptedConnectionServer old = dial();
        old.data(7, utf8("a"));
        old.data(8, utf8("a"));
        recorder.expect("7 started", "7 data a", "8 started", "8 data a");
        Session seven = recorder.session();
        Session eight = recorder.session();

        ScriptedConnectionServer next = dial();
        next.reconnection(7);

        recorder.expect("detached: its server has dialled anew", "7 reconnected");
        old.readUntilClosed();
        assertThat(seven.isAway()).isFalse();
        assertThat(eight.isAway()).isTrue();
        next.failure(8, "Client disconnected");
        recorder.expect("8 ended: Client disconnected");
    }

    @Test
    void callsAboutOneSessionNeverOverlap() throws Exception {
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Consumer<String> slow = text -> {
            if (text.equals("slow")) {
                handling.countDown();
                await().until(() -> goOn.await(10, TimeUnit.SECONDS));
            }
        };
        it = TestBackend.listen(new Recorder() {
            @Override
            public void data(Session session, byte[] data) {
                slow.accept(Bytes.text(data));
                recorder.data(session, data);
            }

            @Override
            public void reconnected(Session session) {
                recorder.reconnected(session);
            }
        });
        ScriptedConnectionServer old = it.dial();
        old.data(7, utf8("slow"));
        assertThat(handling.await(10, TimeUnit.SECONDS)).isTrue();
        old.data(7, utf8("lost"));
        old.cut();
        ScriptedConnectionServer next = it.dial();
        next.reconnection(7);
        next.data(8, utf8("from next"));
        await().until(() ->
                it.backend.firehoses().size() == 1); // the old firehose was given up in the middle of a call
        recorder.expectNothingMore();

        goOn.countDown();

        recorder.expect("7 data slow", "7 reconnected", "8 data from next");
    }

    /** If the limit applied to each session in turn, this test would time out. */
    @Test
    void aStuckCallHoldsTheNextFirehoseUpOnceAndNotForEachSession() throws Exception {
        int sessions = 300;
        CountDownLatch goOn = new CountDownLatch(1);
        it = TestBackend.listen(
                new Recorder() {
                    @Override
                    public void data(Session session, byte[] data) {
                        recorder.data(session, data);
                        if (Bytes.text(data).equals("stuck")) {
                            await().forever().until(() -> goOn.await(10, TimeUnit.SECONDS));
                        }
                    }

                    @Override
                    public void reconnected(Session session) {
                        recorder.reconnected(session);
                    }
                },
                Duration.ofMillis(200));
        ScriptedConnectionServer old = it.dial();
        for (int id = 1; id <= sessions; id++) {
            old.data(id, utf8("a"));
            recorder.expect(id + " data a");
        }
        old.data(1, utf8("stuck"));
        recorder.expect("1 data stuck");
        old.cut();
        ScriptedConnectionServer next = it.dial();
        for (int id = 1; id <= sessions; id++) {
            next.reconnection(id);
        }

        for (int id = 1; id <= sessions; id++) {
            recorder.expect(id + " reconnected");
        }
        assertThat(it.backend.sessions()).hasSize(2 * sessions); // the price is that each session exists twice
        goOn.countDown();
    }

    private void listen(BackendOptions options) throws Exception {
        it = TestBackend.listen(recorder, options);
    }

    private ScriptedConnectionServer dial() throws Exception {
        return dial(0);
    }

    private ScriptedConnectionServer dial(int bufferBytes) throws Exception {
        ScriptedConnectionServer server = it.dial(bufferBytes);
        recorder.expect("attached");
        return server;
    }

    /** Returns a session with id 7 whose firehose was lost. */
    private Session loseFirehoseWithSession() throws Exception {
        ScriptedConnectionServer server = dial();
        server.data(7, utf8("a"));
        recorder.expect("7 started", "7 data a");
        lose(server);
        return recorder.session();
    }

    /**
     * Sends packets until there is no room, and returns their number. Some are in the sockets' buffers, and many are
     * not.
     */
    private static int sendMoreThanASocketTakes(Session session) {
        int packets = 1000;
        for (int number = 0; number < packets; number++) {
            assertThat(session.send(Bytes.numbered(number, 10_000))).isTrue();
        }
        return packets;
    }

    /** Cuts a link, and waits until the backend has ended the firehose. */
    private void lose(ScriptedConnectionServer server) throws Exception {
        Firehose newest = it.backend.firehoses().get(it.backend.firehoses().size() - 1);
        server.cut();
        assertThat(newest.awaitEnd(TimeUnit.SECONDS.toNanos(10))).isTrue();
        assertThat(recorder.next()).startsWith("detached: ");
        assertThat(newest.isOpen()).isFalse();
        assertThat(newest.isWritable()).isFalse();
    }
}
