package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.firehose3.Ack;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.protocol.firehose3.Elsewhere;
import net.voltlane.protocol.firehose3.Ended;
import net.voltlane.protocol.firehose3.Gap;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.protocol.firehose3.Ping;
import net.voltlane.protocol.firehose3.Pong;
import net.voltlane.protocol.firehose3.Position;
import net.voltlane.protocol.firehose3.Slow;
import net.voltlane.protocol.firehose3.Welcome;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ScriptedServer3;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests of sessions that another server goes on with. */
@Timeout(60)
class AdoptionTest {
    private static final Duration STALE = Duration.ofSeconds(300);
    private static final String SUSPENDED = "7 suspended: another server goes on with the session";

    private final Recorder3 recorder = new Recorder3();
    private final ScriptedServer3 one = new ScriptedServer3(1).keepsRecords(STALE);
    private final ScriptedServer3 two = new ScriptedServer3(2).keepsRecords(STALE);
    private TestBackend it;

    private Session open(BackendOptions options) throws Exception {
        it = TestBackend.listen(recorder, options);
        one.connect(it.address());
        one.opened(7, 1);
        recorder.expect("attached", "7 started", "7 opened");
        return recorder.session();
    }

    private Session open() throws Exception {
        return open(BackendOptions.DEFAULT);
    }

    /** Cuts a server's link, and waits until the backend has noticed. */
    private void lose(ScriptedServer3 server, Session of) throws Exception {
        Firehose link = of.firehose();
        server.cut();
        assertThat(link.awaitEnd(TimeUnit.SECONDS.toNanos(20))).isTrue();
        recorder.skipToStart("detached: ");
    }

    private void dial(ScriptedServer3 server) throws Exception {
        server.connect(it.address());
        recorder.expect("attached");
    }

    private static Position position(ScriptedServer3 server) {
        ScriptedServer3.Packet packet = server.nextNumbered();
        assertThat(packet.id()).isEqualTo(7);
        assertThat(packet.message()).isInstanceOf(Position.class);
        return (Position) packet.message();
    }

    /** Shows that the backend has handled all that a server has sent, and sends nothing more for sessions. */
    private static void expectNothing(ScriptedServer3 server) {
        server.awaitAcknowledged();
        server.send(0, new Ping(utf8("x")));
        assertThat(server.next().message()).isInstanceOf(Pong.class);
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        it.close();
    }

    // ---- a session moves

    @Test
    void theSessionGoesOnAtAnotherServer() throws Exception {
        Session session = open();
        Object state = new Object();
        session.attach(state);
        one.data(7, utf8("a"));
        one.data(7, utf8("b"));
        recorder.expect("7 data a", "7 data b");
        for (int number = 1; number <= 4; number++) {
            session.send(Bytes.numbered(number, 20));
        }
        one.delivered(7, 1);
        recorder.expect("7 delivered 1");
        lose(one, session);
        session.send(Bytes.numbered(5, 20)); // while nobody has it

        dial(two);
        two.adopted(7, 2, 1, 3);

        assertThat(position(two)).isEqualTo(new Position(2, 3, 2));
        session.send(Bytes.numbered(6, 20));
        for (int number = 3; number <= 6; number++) {
            assertThat(Bytes.number(two.dataFor(7))).isEqualTo(number);
        }
        recorder.expect(SUSPENDED, "7 resumed from 192.0.2.2:5000");
        assertThat(session.isAway()).isFalse();
        assertThat(session.firehose().number()).isEqualTo(2);
        assertThat(session.attachment()).isSameAs(state);
        assertThat(it.backend.sessions()).containsExactly(session);
        assertThat(it.backend.session(7)).isSameAs(session);
        two.data(7, utf8("c"));
        recorder.expect("7 data c");
        assertThat(session.received()).isEqualTo(3);
        two.ended(7, 15, "Client left");
        recorder.expect("7 ended: Client left");
        assertThat(it.backend.stats().adopted()).isEqualTo(1);
        assertThat(it.backend.stats().undeliveredBytes()).isZero();
        assertThat(it.backend.stats().malformed()).isZero();
        recorder.expectNothingMore();
    }

    @Test
    void aSuspendedSessionIsNotSuspendedTwice() throws Exception {
        open();
        one.suspended(7);
        recorder.expect("7 suspended: lost");
        dial(two);
        two.adopted(7, 2, 1, 1);
        assertThat(position(two)).isEqualTo(new Position(0, 1, 2));
        recorder.expect("7 resumed from 192.0.2.2:5000");
        recorder.expectNothingMore();
    }

    @Test
    void aSessionWhoseClientIsAwayAgainIsOnlySuspended() throws Exception {
        open();
        dial(two);
        two.send(7, new Opened(true, true, true, 1, 1, ScriptedServer3.attributes(2)));
        position(two);
        recorder.expect(SUSPENDED);
        two.resumed(7, "there");
        recorder.expect("7 resumed from there");
    }

    @Test
    void aSlowClientIsReadyAtItsNewServer() throws Exception {
        open();
        one.send(7, new Slow(1000));
        recorder.expect("7 slow with 1000");
        dial(two);
        two.adopted(7, 2, 1, 1);
        recorder.expect(SUSPENDED, "7 resumed from 192.0.2.2:5000", "7 ready with 0");
    }

    @Test
    void sessionsMoveBackAndForth() throws Exception {
        Session session = open();
        dial(two);
        ScriptedServer3[] servers = {one, two};
        for (int epoch = 2; epoch <= 8; epoch++) {
            ScriptedServer3 server = servers[(epoch + 1) % 2];
            session.send(Bytes.numbered(epoch, 20)); // goes to the former one, which forgets it
            server.adopted(7, epoch, epoch - 1, epoch - 1);
            assertThat(server.nextThat(packet -> packet.message() instanceof Position)
                            .message())
                    .isEqualTo(new Position(epoch - 2, epoch - 1, epoch));
            assertThat(Bytes.number(server.dataFor(7))).isEqualTo(epoch);
            recorder.expect(SUSPENDED, "7 resumed from 192.0.2." + epoch + ":5000");
            server.data(7, utf8("x"));
            recorder.expect("7 data x");
        }
        assertThat(it.backend.sessions()).containsExactly(session);
        one.ended(7, 15, "not its business");
        assertThat(one.nextThat(packet -> packet.id() == 7 && !(packet.message() instanceof Data))
                        .message())
                .isEqualTo(new Elsewhere(8));
        two.ended(7, 15, "Client left");
        recorder.expect("7 ended: Client left");
        assertThat(it.backend.stats().sessions()).isZero();
    }

    @Test
    void theSameServerMayTakeASessionAnew() throws Exception {
        Session session = open();
        session.send(Bytes.numbered(1, 20));
        session.send(Bytes.numbered(2, 20));
        one.dataFor(7);
        one.dataFor(7);
        one.adopted(7, 3, 1, 2); // another server has had it, of which this backend has heard nothing
        assertThat(position(one)).isEqualTo(new Position(0, 2, 3));
        assertThat(Bytes.number(one.dataFor(7))).isEqualTo(2);
        recorder.expect(SUSPENDED, "7 resumed from 192.0.2.3:5000");
        dial(two);
        two.adopted(7, 2, 1, 1);
        assertThat(two.nextNumbered().message()).isEqualTo(new Elsewhere(3));
        assertThat(it.backend.sessions()).containsExactly(session);
    }

    @Test
    void anUnknownSessionBegins() throws Exception {
        it = TestBackend.listen(recorder);
        dial(two);
        two.adopted(7, 2, 5, 9);
        assertThat(position(two)).isEqualTo(new Position(4, 9, 2));
        recorder.expect("7 started", "7 opened existing");
        Session session = recorder.session();
        session.send(utf8("x"));
        assertThat(two.dataFor(7)).isEqualTo(utf8("x"));
        two.data(7, utf8("five"));
        recorder.expect("7 data five");
        assertThat(session.received()).isEqualTo(5);
        two.adopted(8, 2, 0, 0);
        assertThat(two.nextNumbered().message()).isEqualTo(new Position(0, 1, 2));
    }

    // ---- which server has it

    @Test
    void onlyAHigherEpochGetsTheSession() throws Exception {
        Session session = open();
        dial(two);
        two.adopted(7, 1, 1, 1);
        assertThat(two.nextNumbered().message()).isEqualTo(new Elsewhere(1));
        two.adopted(7, 3, 1, 1);
        position(two);
        recorder.expect(SUSPENDED, "7 resumed from 192.0.2.3:5000");
        one.adopted(7, 2, 1, 1); // comes late
        assertThat(one.nextNumbered().message()).isEqualTo(new Elsewhere(3));
        one.adopted(7, 3, 1, 1);
        assertThat(one.nextNumbered().message()).isEqualTo(new Elsewhere(3));
        session.send(utf8("x"));
        assertThat(two.dataFor(7)).isEqualTo(utf8("x"));
        expectNothing(one);
        assertThat(it.backend.sessions()).containsExactly(session);
        assertThat(it.backend.stats().elsewhere()).isEqualTo(3);
        recorder.expectNothingMore();
    }

    @Test
    void aServerThatReturnsIsToldThatItsSessionIsElsewhere() throws Exception {
        Session session = open();
        lose(one, session);
        dial(two);
        two.adopted(7, 2, 1, 1);
        position(two);
        recorder.expect(SUSPENDED, "7 resumed from 192.0.2.2:5000");
        one.forgetBackend();
        dial(one);
        one.send(7, new Opened(true, false, false, 1, 1, ScriptedServer3.attributes(1))); // its present
        assertThat(one.nextNumbered().message()).isEqualTo(new Elsewhere(2));
        one.data(7, utf8("dropped"));
        expectNothing(one);
        assertThat(it.backend.sessions()).containsExactly(session);
        recorder.expectNothingMore();
    }

    /** A restarted backend may hear of the former server first. */
    @Test
    void thePresentOfTheServerWithTheHigherEpochCounts() throws Exception {
        it = TestBackend.listen(recorder);
        dial(one);
        one.send(7, new Opened(true, false, false, 5, 5, ScriptedServer3.attributes(1)));
        recorder.expect("7 started", "7 opened existing");
        Session session = recorder.session();
        dial(two);
        two.send(7, new Opened(true, false, false, 6, 9, ScriptedServer3.attributes(2)));
        recorder.expect(SUSPENDED, "7 resumed from 192.0.2.2:5000");
        session.send(utf8("x"));
        assertThat(two.dataFor(7)).isEqualTo(utf8("x"));
        two.data(7, utf8("six"));
        recorder.expect("7 data six");
        assertThat(session.received()).isEqualTo(6);
        one.data(7, utf8("dropped"));
        assertThat(one.nextNumbered().message()).isEqualTo(new Elsewhere(2));
    }

    @Test
    void theSameIdOfAServerWithoutRecordsIsAnotherSession() throws Exception {
        open();
        ScriptedServer3 other = new ScriptedServer3(3);
        dial(other);
        other.send(7, new Opened(true, false, true, 1, 1, ScriptedServer3.attributes(9)));
        recorder.expect("7 started", "7 opened existing");
        assertThat(it.backend.sessions()).hasSize(2);
        other.close();
    }

    // ---- the former server

    @Test
    void theFormerServerIsToldOnceOnEachLinkBeforeAnAck() throws Exception {
        Session session = open();
        expectNothing(one);
        dial(two);
        two.adopted(7, 2, 1, 1);
        position(two);
        recorder.expect(SUSPENDED, "7 resumed from 192.0.2.2:5000");
        one.opened(8, 1);
        recorder.expect("8 started", "8 opened");
        one.awaitAcknowledged();
        for (int packet = 0; packet < 200; packet++) {
            one.data(7, utf8("dropped"));
        }
        one.suspended(7);
        long before = one.acknowledged();
        ScriptedServer3.Packet first = one.next();
        while (first.message() instanceof Ack) {
            assertThat(one.acknowledged()).as("nothing that was dropped").isEqualTo(before);
            first = one.next();
        }
        assertThat(first.message()).isEqualTo(new Elsewhere(2));
        expectNothing(one);
        lose(one, it.backend.session(8));
        dial(one);
        one.delivered(7, 1);
        one.data(7, utf8("dropped"));
        assertThat(one.nextNumbered().message()).isEqualTo(new Elsewhere(2));
        expectNothing(one);
        assertThat(session.isOpen()).isTrue();
        one.ended(7, 16, "Client disconnected");
        expectNothing(one);
        assertThat(it.backend.stats().malformed()).isZero();
        assertThat(it.backend.stats().elsewhere()).isEqualTo(2);
        recorder.expectNothingMore();
        two.data(7, utf8("b"));
        recorder.expect("7 data b");
    }

    /** A Welcome acknowledges too. What it must not cover yet comes again, and is not handled a second time. */
    @Test
    void aWelcomeDoesNotCoverWhatTheServerHasNotBeenTold() throws Exception {
        Session session = open(BackendOptions.DEFAULT.withSendBufferBytes(64 << 20));
        one.opened(8, 1);
        recorder.expect("8 started", "8 opened");
        Session eight = recorder.session();
        dial(two);
        two.adopted(7, 2, 1, 1);
        position(two);
        recorder.expect(SUSPENDED, "7 resumed from 192.0.2.2:5000");
        expectNothing(one);
        for (int packet = 0; packet < 400; packet++) {
            eight.send(new byte[100_000]); // more than the sockets take, so the answer waits behind it
        }
        one.data(7, utf8("dropped"));
        one.data(8, utf8("taken"));
        recorder.expect("8 data taken");
        long before = one.acknowledged();
        lose(one, eight);

        assertThat(one.connect(it.address()).received()).isEqualTo(before);
        recorder.expect("attached");

        ScriptedServer3.Packet packet = one.next();
        while (!(packet.message() instanceof Elsewhere)) {
            assertThat(one.acknowledged()).isEqualTo(before);
            packet = one.next();
        }
        one.awaitAcknowledged();
        one.data(8, utf8("next"));
        recorder.expect("8 data next");
        assertThat(session.isOpen()).isTrue();
    }

    // ---- what is kept

    @Test
    void deliveredPacketsAreKeptNoLonger() throws Exception {
        Session session = open();
        for (int number = 1; number <= 100; number++) {
            session.send(Bytes.numbered(number, 100));
            one.dataFor(7);
        }
        one.acknowledge();
        await().until(() -> session.firehose().queuedBytes() == 0);
        assertThat(it.backend.stats().undeliveredBytes()).isGreaterThan(100 * 100);
        one.delivered(7, 100);
        recorder.expect("7 delivered 100");
        assertThat(it.backend.stats().undeliveredBytes()).isZero();
    }

    @Test
    void withoutRecordsNothingIsKept() throws Exception {
        it = TestBackend.listen(new Recorder());
        ScriptedServer3 other = new ScriptedServer3(3);
        assertThat(other.connect(it.address()).wishes()).isZero();
        other.opened(7, 1);
        await().until(() -> it.backend.sessions().size() == 1);
        it.backend.session(7).send(new byte[1000]);
        assertThat(it.backend.stats().undeliveredBytes()).isZero();
        assertThat(two.connect(it.address()).wishes()).isEqualTo(Welcome.ADOPTS | Welcome.DELIVERED);
        other.close();
    }

    @Test
    void aBackendThatKeepsNothingPromisesNothing() throws Exception {
        it = TestBackend.listen(new Recorder(), BackendOptions.DEFAULT.withUndeliveredBytes(0));
        assertThat(one.connect(it.address()).wishes()).isZero();
    }

    @Test
    void beyondItsBoundASessionEndsWithAGap() throws Exception {
        Session session = open(BackendOptions.DEFAULT.withUndeliveredPacketsPerSession(10));
        one.opened(8, 1);
        recorder.expect("8 started", "8 opened");
        Session eight = recorder.session();
        for (int number = 1; number <= 11; number++) {
            assertThat(session.trySend(Bytes.numbered(number, 20))).isTrue();
            assertThat(Bytes.number(one.dataFor(7))).isEqualTo(number);
        }
        eight.send(utf8("x"));
        dial(two);

        two.adopted(7, 2, 1, 11);

        assertThat(two.nextNumbered()).isEqualTo(new ScriptedServer3.Packet(7, new Gap()));
        recorder.expect("7 ended: Gap");
        assertThat(session.isOpen()).isFalse();
        two.send(7, new Ended(3, 0, 0, "Gap"));
        expectNothing(two);
        one.data(7, utf8("dropped"));
        assertThat(one.nextThat(packet -> packet.id() == 7).message()).isEqualTo(new Elsewhere(2));
        two.adopted(8, 2, 1, 1);
        assertThat(two.nextNumbered().message()).isEqualTo(new Position(0, 1, 2));
        assertThat(it.backend.stats().gaps()).isEqualTo(1);
        assertThat(it.backend.stats().malformed()).isZero();
        assertThat(it.backend.sessions()).containsExactly(eight);
    }

    @Test
    void aClientThatHasCaughtUpCanBeAdoptedAgain() throws Exception {
        Session session = open(BackendOptions.DEFAULT.withUndeliveredBytesPerSession(100));
        session.send(new byte[50]);
        session.send(new byte[50]);
        session.send(Bytes.numbered(3, 50));
        dial(two);
        two.adopted(7, 2, 1, 3);
        assertThat(position(two)).isEqualTo(new Position(0, 3, 2));
        assertThat(Bytes.number(two.dataFor(7))).isEqualTo(3);
    }

    @Test
    void countsThatWereNeverReachedAreAGap() throws Exception {
        open().send(utf8("x"));
        dial(two);
        two.adopted(7, 2, 1, 3);
        assertThat(two.nextNumbered().message()).isInstanceOf(Gap.class);
        recorder.expect("7 ended: Gap");
    }

    /** Of a client of version 2 the new server knows no counts: nothing is sent twice. */
    @Test
    void withoutCountsTheSessionGoesOnWithWhatWasNeverSent() throws Exception {
        Session session = open();
        session.send(Bytes.numbered(1, 20));
        session.send(Bytes.numbered(2, 20));
        one.dataFor(7);
        one.dataFor(7);
        lose(one, session);
        session.send(Bytes.numbered(3, 20));
        dial(two);
        two.adopted(7, 2, 0, 0);
        assertThat(position(two)).isEqualTo(new Position(0, 3, 2));
        assertThat(Bytes.number(two.dataFor(7))).isEqualTo(3);
    }

    // ---- kicks

    @Test
    void aKickFollowsTheSession() throws Exception {
        Session session = open();
        lose(one, session);
        session.send(utf8("x"));
        session.kick("bye");
        assertThat(session.kick()).isFalse();
        dial(two);
        two.adopted(7, 2, 1, 1);
        position(two);
        assertThat(two.dataFor(7)).isEqualTo(utf8("x"));
        assertThat(two.kickOf(7)).isEqualTo("bye");
        two.ended(7, 1, "bye");
        recorder.skipTo("7 ended: bye");
        assertThat(it.backend.stats().sessions()).isZero();
    }

    @Test
    void aKickGoesToTheServerThatHasTheSession() throws Exception {
        Session session = open();
        dial(two);
        two.adopted(7, 2, 1, 1);
        position(two);
        recorder.expect(SUSPENDED, "7 resumed from 192.0.2.2:5000");
        session.kick("bye");
        assertThat(two.kickOf(7)).isEqualTo("bye");
        expectNothing(one);
    }

    // ---- servers that die

    @Test
    void sessionsThatNobodyAdoptsEndOnce() throws Exception {
        Session seven = open();
        one.opened(8, 1);
        recorder.expect("8 started", "8 opened");
        seven.send(utf8("in vain"));
        one.data(7, utf8("a"));
        recorder.expect("7 data a");
        lose(one, seven);
        dial(two);
        two.adopted(8, 2, 1, 1);
        recorder.expect("8 suspended: another server goes on with the session", "8 resumed from 192.0.2.2:5000");
        it.pass(STALE.plusSeconds(5).minusNanos(1));
        two.send(0, new Ping(utf8("x")));
        assertThat(seven.isOpen()).isTrue();
        it.pass(Duration.ofNanos(1));

        recorder.skipTo("7 ended: Client disconnected");

        EndReason reason = recorder.reasons.take();
        assertThat(reason.code()).isEqualTo(CloseCode.DISCONNECTED.code());
        assertThat(reason.is(Reason.CLIENT_DISCONNECTED)).isTrue();
        assertThat(reason.local()).isTrue();
        assertThat(reason.taken()).isEqualTo(1);
        assertThat(it.backend.stats().dropped()).isEqualTo(1);
        assertThat(it.backend.stats().undeliveredBytes()).isZero();
        assertThat(it.backend.stats().sessions()).isEqualTo(1);
    }

    @Test
    void aShortStaleTimeLeavesAServerTimeToConnectAgain() throws Exception {
        one.keepsRecords(Duration.ofSeconds(2));
        Session session = open();
        lose(one, session);
        it.pass(Duration.ofSeconds(35).minusNanos(1));
        assertThat(session.isOpen()).isTrue();
        it.pass(Duration.ofNanos(1));
        recorder.expect("7 ended: Client disconnected");
    }

    @Test
    void theSessionsOfAServerThatReturnsTooLateAreNewOnes() throws Exception {
        Session session = open();
        lose(one, session);
        it.pass(STALE.plusSeconds(5));
        recorder.expect("7 ended: Client disconnected");
        byte[] before = one.backend();
        Welcome welcome = one.connect(it.address());
        assertThat(welcome.backend()).as("another pair").isNotEqualTo(before);
        assertThat(welcome.received()).isZero();
        one.send(7, new Opened(true, false, false, 1, 1, ScriptedServer3.attributes(1)));
        recorder.expect("attached", "7 started", "7 opened existing");
    }

    @Test
    void aServerThatReturnsInTimeGoesOn() throws Exception {
        Session session = open();
        lose(one, session);
        it.pass(STALE.plusSeconds(5).minusNanos(1));
        one.connect(it.address());
        recorder.expect("attached");
        it.pass(Duration.ofSeconds(10));
        session.send(utf8("x"));
        assertThat(one.nextThat(packet -> packet.message() instanceof Data)).isNotNull();
        recorder.expectNothingMore();
    }

    /** Packets in the dead server's queue are not lost if their session goes on elsewhere. */
    @Test
    void whatAnotherServerHasSentDoesNotCountAsDropped() throws Exception {
        Session session = open();
        lose(one, session);
        session.send(utf8("x"));
        dial(two);
        two.adopted(7, 2, 1, 1);
        position(two);
        two.dataFor(7);
        two.acknowledge();
        for (int seconds = 0; seconds < 310; seconds += 10) {
            it.pass(Duration.ofSeconds(10));
            two.send(0, new Ping(utf8("x")));
            two.nextThat(packet -> packet.message() instanceof Pong);
        }
        assertThat(it.backend.knownServers()).isEqualTo(1);
        assertThat(it.backend.stats().dropped()).isZero();
        assertThat(session.isOpen()).isTrue();
    }
}
