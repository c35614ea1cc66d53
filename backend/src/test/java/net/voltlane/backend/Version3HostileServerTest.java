package net.voltlane.backend;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.firehose3.Ack;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Hello;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.protocol.firehose3.Ping;
import net.voltlane.testkit.ScriptedConnectionServer;
import net.voltlane.testkit.ScriptedServer3;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of servers that break the rules of firehose 3. */
@Timeout(30)
class Version3HostileServerTest {
    private static final long BEYOND_COUNTS = 1L << 53;

    private final Recorder3 recorder = new Recorder3();
    private final ScriptedServer3 server = new ScriptedServer3(1);
    private TestBackend it;

    @BeforeEach
    void listen() throws Exception {
        it = TestBackend.listen(recorder);
    }

    @AfterEach
    void close() {
        server.close();
        it.close();
    }

    private Session open() throws Exception {
        server.connect(it.address());
        server.opened(7);
        recorder.expect("attached", "7 started", "7 opened");
        return recorder.session();
    }

    private void expectCut(String reason) throws Exception {
        recorder.expect("detached: " + reason);
        server.link().readUntilClosed();
        assertThat(it.backend.stats().malformed()).isPositive();
    }

    // ---- counts that do not fit

    @ParameterizedTest
    @ValueSource(longs = {2, 3, Limits.MAX_COUNT})
    void anAckBeyondWhatWasSentCutsTheLink(long count) throws Exception {
        Session session = open();
        session.send(utf8("a"));
        server.dataFor(7);
        server.send(0, new Ack(count));
        expectCut("acknowledged " + count + " packets, which contradicts this backend's count");
        server.connect(it.address()); // this server's count was right, so the pair goes on
        session.send(utf8("b"));
        assertThat(server.dataFor(7)).isEqualTo(utf8("b"));
    }

    @Test
    void anAckBelowAnEarlierOneCutsTheLink() throws Exception {
        Session session = open();
        session.send(utf8("a"));
        session.send(utf8("b"));
        server.dataFor(7);
        server.dataFor(7);
        server.acknowledge();
        server.acknowledge(); // the same again is nothing
        server.send(0, new Ack(1));
        expectCut("acknowledged 1 packets, which contradicts this backend's count");
    }

    @Test
    void anAckThatIsNoCountCutsTheLink() throws Exception {
        open();
        server.sendRaw(0, 0x12, new byte[] {0, 0, 0, 0, 0, 0, 0x20, 0});
        assertThat(recorder.next()).startsWith("detached: sent what can't be true: ");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3, Limits.MAX_COUNT})
    void aHelloWhoseCountDoesNotFitIsCutAndBothBeginAnew(long count) throws Exception {
        Session session = open();
        session.send(utf8("a"));
        session.send(utf8("b"));
        server.dataFor(7);
        server.acknowledge();
        await().until(() -> session.firehose().queuedBytes() == 14);
        server.cut();
        assertThat(recorder.next()).startsWith("detached: ");

        server.dial(it.address(), 0);
        server.hello(server.backend(), count);
        recorder.expect("attached");
        expectCut("its server has counted " + count + " packets, which contradicts this backend's count");

        byte[] name = server.backend();
        assertThat(server.connect(it.address()).backend())
                .as("a server that insists meets another name")
                .isNotEqualTo(name);
        server.opened(7, true, 1, 2);
        assertThat(server.dataFor(7)).isEqualTo(utf8("b"));
        assertThat(it.backend.sessions()).containsExactly(session);
    }

    @Test
    void aServerWhoseHelloDidNotFitIsForgottenInTime() throws Exception {
        open();
        server.cut();
        assertThat(recorder.next()).startsWith("detached: ");
        server.dial(it.address(), 0);
        server.hello(server.backend(), 99);
        recorder.expect("attached");
        expectCut("its server has counted 99 packets, which contradicts this backend's count");
        await().until(() -> it.backend.firehoses().isEmpty());

        ScriptedConnectionServer other = it.dial();
        other.data(7, utf8("another session with the same id"));
        recorder.expect("attached", "7 started", "7 data another session with the same id");
        assertThat(it.backend.stats().sessions()).isEqualTo(2);
        await().untilAsserted(() -> {
            it.pass(BackendOptions.DEFAULT.orphanTimeout());
            assertThat(it.backend.knownServers()).isZero();
        });
        recorder.expect("7 ended: Connection server lost");
        assertThat(it.backend.stats().sessions()).isEqualTo(1);
    }

    // ---- handshakes

    @Test
    void aHelloOfAnotherVersionIsRefused() throws Exception {
        ScriptedConnectionServer link = it.dial();
        link.write(MessageCodec.frame(0, new Hello(4, server.instance(), new byte[16], 0, Attributes.EMPTY)));
        recorder.expect("attached", "detached: it speaks firehose 4 (expected: 2 or 3)");
        link.readUntilClosed();
    }

    @Test
    void aHelloWithoutANameIsRefused() throws Exception {
        ScriptedConnectionServer link = it.dial();
        link.write(MessageCodec.frame(0, new Hello(3, new byte[16], new byte[16], 0, Attributes.EMPTY)));
        recorder.expect("attached", "detached: its Hello names no server");
    }

    @Test
    void aHelloThatIsTooShortIsRefused() throws Exception {
        server.dial(it.address(), 0);
        server.sendRaw(0, 0x10, new byte[41]);
        recorder.expect("attached", "detached: its Hello is too short");
    }

    @Test
    void aHelloThatIsNotTheFirstPacketIsSkipped() throws Exception {
        ScriptedConnectionServer link = it.dial();
        link.data(7, utf8("a"));
        link.write(MessageCodec.frame(0, new Hello(3, server.instance(), new byte[16], 0, Attributes.EMPTY)));
        link.data(7, utf8("b"));
        recorder.expect("attached", "7 started", "7 data a", "7 data b");
        assertThat(it.backend.stats().malformed()).isEqualTo(1);

        open();
        server.hello();
        server.data(7, utf8("c"));
        recorder.expect("7 data c");
        assertThat(it.backend.stats().malformed()).isEqualTo(2);
    }

    // ---- packets out of their places

    @Test
    void openedTwiceIsSkippedAndCounted() throws Exception {
        Session session = open();
        server.data(7, utf8("a"));
        server.opened(7);
        server.opened(7, true, 100, 100);
        server.data(7, utf8("b"));
        recorder.expect("7 data a", "7 data b");
        assertThat(session.received()).isEqualTo(2);
        assertThat(it.backend.stats().malformed()).isEqualTo(2);
        server.awaitAcknowledged();
    }

    @Test
    void packetsWithoutMeaningAreSkippedButHaveNumbers() throws Exception {
        open();
        server.data(8, utf8("never opened"));
        server.sendRaw(7, 0x02, new byte[0]); // a kick
        server.sendRaw(7, 0x07, new byte[8]); // a position
        server.sendRaw(7, 0x7F, new byte[3]);
        server.sendRaw(7, 0x01, new byte[5]); // an end that is too short
        server.sendRaw(7, 0x12, new byte[8]); // an Ack about a session
        server.ended(9, 1, "never opened");
        server.data(7, utf8("a"));
        recorder.expect("7 data a");
        server.awaitAcknowledged();
        assertThat(server.acknowledged()).isEqualTo(9);
        assertThat(it.backend.stats().malformed()).isEqualTo(7);
    }

    @Test
    void packetsOfTheLinkWithoutMeaningAreSkippedAndHaveNone() throws Exception {
        open();
        server.sendRaw(0, 0x00, utf8("data for nobody"));
        server.sendRaw(0, 0x11, new byte[40]); // a Welcome
        server.sendRaw(0, 0x13, new byte[17]); // a Ping that is too long
        server.sendRaw(0, 0x15, new byte[0]);
        server.link().write(new byte[] {3, 0, 0, 0, 1, 2, 3});
        server.data(7, utf8("a"));
        recorder.expect("7 data a");
        server.awaitAcknowledged();
        assertThat(server.acknowledged()).isEqualTo(2);
        assertThat(it.backend.stats().malformed()).isEqualTo(5);
    }

    @Test
    void aCountOfASessionNearItsLimitIsJustACount() throws Exception {
        server.connect(it.address());
        server.opened(7, true, Limits.MAX_COUNT, Limits.MAX_COUNT);
        server.data(7, utf8("a"));
        recorder.expect("attached", "7 started", "7 opened existing", "7 data a");
        Session session = recorder.session();
        assertThat(session.received()).isEqualTo(Limits.MAX_COUNT);
        session.send(utf8("b"));
        assertThat(server.dataFor(7)).isEqualTo(utf8("b"));
        server.opened(8, true, 0, 0);
        server.data(8, utf8("a"));
        recorder.expect("8 started", "8 opened existing", "8 data a");
        assertThat(recorder.session().received()).isEqualTo(1);
    }

    @Test
    void aCountOfASessionBeyondItsLimitCutsTheLink() throws Exception {
        server.connect(it.address());
        recorder.expect("attached");
        byte[] frame = MessageCodec.frame(7, new Opened(false, false, false, 1, 1, Attributes.EMPTY));
        frame[13 + 1 + 6] = (byte) (BEYOND_COUNTS >>> 48);
        server.link().write(frame);
        assertThat(recorder.next()).startsWith("detached: sent what can't be true: ");
    }

    // ---- room

    @Test
    void sessionsOverTheBoundAreKicked() throws Exception {
        it.close();
        it = TestBackend.listen(recorder, BackendOptions.DEFAULT.withMaxSessions(2));
        server.connect(it.address());
        server.opened(7);
        server.opened(8);
        server.opened(9);
        server.data(9, utf8("a"));
        assertThat(server.kickOf(9)).isEmpty();
        server.ended(9, 1, "");
        server.awaitAcknowledged();
        assertThat(it.backend.stats().refusedSessions()).isEqualTo(1);
        assertThat(it.backend.sessions()).hasSize(2);
    }

    /** A server that never acknowledges holds no more than the send buffer, and a kick for each session. */
    @Test
    void aServerThatNeverAcknowledgesHoldsABoundedAmount() throws Exception {
        it.close();
        it = TestBackend.listen(recorder, BackendOptions.DEFAULT.withSendBufferBytes(100_000));
        server.connect(it.address());
        int sessions = 1_000;
        for (int id = 1; id <= sessions; id++) {
            server.opened(id);
        }
        server.awaitAcknowledged();
        Session one = it.backend.session(1);
        assertThat(one).isNotNull();
        while (one.trySend(new byte[1_000])) {
            server.dataFor(1);
        }
        for (Session session : it.backend.sessions()) {
            assertThat(session.kick("x".repeat(1_000))).isTrue();
        }
        assertThat(one.firehose().queuedBytes()).isBetween(100_000L, 210_000L);
        int kicks = 0;
        while (kicks < sessions) {
            server.nextNumbered();
            kicks++;
            server.acknowledge();
        }
        await().until(() -> one.firehose().queuedBytes() == 0);
    }

    /** A server that acknowledges nothing may open and end sessions without end, of which each is kicked. */
    @Test
    void aKickWithoutRoomIsForgottenWithItsSession() throws Exception {
        it.close();
        it = TestBackend.listen(recorder, BackendOptions.DEFAULT.withSendBufferBytes(1_000));
        int sessions = 200;
        server.connect(it.address());
        for (int id = 1; id <= sessions; id++) {
            server.opened(id);
            recorder.skipTo(id + " opened");
            recorder.session().kick("x".repeat(1_000));
        }
        Firehose firehose = it.backend.firehoses().get(0);
        assertThat(firehose.queuedBytes()).as("the last ones have no room").isBetween(100_000L, 160_000L);
        server.ended(sessions, 1, "kicked");
        recorder.skipTo(sessions + " ended: kicked");

        Set<Long> kicked = new HashSet<>();
        while (firehose.queuedBytes() > 0) {
            kicked.add(server.nextNumbered().id());
            server.acknowledge();
            if (kicked.size() == sessions - 1) {
                await().until(() -> firehose.queuedBytes() == 0);
            }
        }
        assertThat(kicked).hasSize(sessions - 1).doesNotContain((long) sessions);
    }

    @Test
    void serversThatComeAndGoAreForgotten() throws Exception {
        it.close();
        it = TestBackend.listen(new Handler() {}, BackendOptions.DEFAULT.withMaxFirehoses(2));
        for (int number = 1; number <= 30; number++) {
            try (ScriptedServer3 stranger = new ScriptedServer3(number)) {
                stranger.connect(it.address());
                stranger.opened(number);
                stranger.awaitAcknowledged();
            }
            await().until(() -> it.backend.firehoses().isEmpty());
        }
        await().untilAsserted(() -> {
            it.pass(Duration.ZERO);
            assertThat(it.backend.stats().sessionsAway()).isEqualTo(2 * 4);
        });
        assertThat(it.backend.knownServers()).isEqualTo(2 * 4);
    }

    @Test
    void whatServersWithoutALinkMakeUsKeepIsBounded() throws Exception {
        it.close();
        it = TestBackend.listen(recorder, BackendOptions.DEFAULT.withSendBufferBytes(100_000));
        for (int number = 1; number <= 7; number++) {
            try (ScriptedServer3 stranger = new ScriptedServer3(number)) {
                stranger.connect(it.address());
                stranger.opened(number);
                recorder.skipTo(number + " opened");
                assertThat(recorder.session().send(new byte[number == 3 ? 90_000 : 60_000]))
                        .isTrue();
            }
            await().until(() -> it.backend.firehoses().isEmpty());
        }
        await().until(() -> it.backend.stats().sessionsAway() == 7);
        await().untilAsserted(() -> {
            it.pass(Duration.ZERO);
            assertThat(it.backend.stats().sessionsAway()).isEqualTo(6);
        });
        assertThat(it.backend.session(3)).as("it kept most").isNull();
        recorder.skipTo("3 ended: Connection server lost");
    }

    /** A server that does not read, while the backend has more to send than sockets hold. */
    @Test
    void readingNeverWaitsForWriting() throws Exception {
        server.dial(it.address(), 4096);
        server.hello();
        server.welcome();
        server.opened(7);
        recorder.expect("attached", "7 started", "7 opened");
        assertThat(recorder.session().send(new byte[8_000_000])).isTrue();
        for (int number = 0; number < 1_000; number++) {
            server.data(7, new byte[1_000]);
            assertThat(recorder.next()).startsWith("7 data ");
        }
        server.ended(7, 15, "Client left");
        recorder.expect("7 ended: Client left");
    }

    @Test
    void pingsWithoutEndAreAnsweredByTheNewestOnly() throws Exception {
        server.dial(it.address(), 4096);
        server.hello();
        server.welcome();
        for (int i = 0; i < 10_000; i++) {
            server.send(0, new Ping(new byte[16]));
        }
        server.opened(7);
        recorder.expect("attached", "7 started", "7 opened");
        assertThat(recorder.session().firehose().queuedBytes()).isZero();
        assertThat(it.backend.firehoses().get(0).awaitEnd(TimeUnit.MILLISECONDS.toNanos(1)))
                .isFalse();
    }
}
