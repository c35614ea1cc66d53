package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import net.voltlane.client.ScriptedServer.Script;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of what a client does when its link is lost, on a clock moved by hand. */
@Timeout(120)
@ExtendWith({ThreadsLeft.class, SocketsLeft.class})
final class ReconnectorTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final FakeTime time = new FakeTime();
    private final Recorder events = new Recorder();
    private volatile Peer.Session session = new Peer.Session(0, new byte[0]);

    /** Returns a builder for a client whose random waits are always nearly as long as their bounds. */
    private ClientBuilder client(ScriptedServer server) {
        return server.client()
                .listener(events)
                .environment(new Environment(time, () -> 0.999999999, ScriptedServer.RANDOM));
    }

    /** Opens a session, and resets the link at the first packet. */
    private Script opensAndResets(long id) {
        return peer -> {
            session = peer.open(id);
            peer.receive();
            peer.reset();
        };
    }

    private Script resumesAnd(Script then) {
        return peer -> {
            peer.resume(session);
            then.run(peer);
        };
    }

    private Script asked(Script then) {
        return peer -> {
            peer.askedToResume(session);
            then.run(peer);
        };
    }

    private static void echo(Peer peer) throws IOException {
        while (true) {
            peer.data(peer.receive());
        }
    }

    private static Script[] times(int count, Script script, Script... then) {
        List<Script> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(script);
        }
        all.addAll(List.of(then));
        return all.toArray(Script[]::new);
    }

    private static Script[] after(Script first, Script... then) {
        return times(1, first, then);
    }

    private List<Long> waitsInMillis() {
        return time.waits().stream()
                .map(wait -> Math.round(wait.toNanos() / 1e6))
                .toList();
    }

    @Test
    void packetsSentMeanwhileGoOutInOrderAfterTheResume() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opensAndResets(1), resumesAnd(ReconnectorTest::echo));
                VoltlaneClient client = client(server).connect()) {
            time.hold();
            client.send(Bytes.utf8("x"));
            events.until("suspended");
            assertThat(client.isConnected()).isFalse();
            for (int i = 0; i < 100; i++) {
                client.send(Bytes.numbered(i, 50));
            }
            time.release();
            for (int i = 0; i < 100; i++) {
                assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(i, 50));
            }
            assertThat(client.isConnected()).isTrue();
            assertThat(client.discardedPackets()).isZero();
        }
    }

    /** The frame is larger than the kernel's buffers, so the link can only have taken a part of it when it dies. */
    @Test
    void aFrameThatALinkTookInPartGoesAgainWhole() throws Exception {
        byte[] large = new byte[64 << 20];
        Arrays.fill(large, (byte) 7);
        try (ScriptedServer server = ScriptedServer.of(
                        peer -> {
                            session = peer.open(1);
                            assertThat(peer.some(100_000)).isEqualTo(100_000);
                            peer.reset();
                        },
                        peer -> {
                            peer.resume(session);
                            peer.data(peer.receive());
                            peer.data(peer.receive());
                            peer.stall();
                        });
                VoltlaneClient client =
                        client(server).maxFrameBytes(large.length).connect()) {
            client.send(large);
            client.send(Bytes.utf8("next"));
            events.until("resumed");
            assertThat(client.receive(LONG)).isEqualTo(large);
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("next"));
        }
    }

    @Test
    void waitsGrowFromOneFailureToTheNext() throws Exception {
        Script[] scripts = after(opensAndResets(1), times(8, Peer::reset, resumesAnd(ReconnectorTest::echo)));
        try (ScriptedServer server = ScriptedServer.of(scripts);
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("x"));
            events.until("resumed");
            assertThat(waitsInMillis())
                    .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16000L, 30000L, 30000L, 30000L);
        }
    }

    @Test
    void waitsStartOverOnlyAfterALinkHasLivedForFiveSeconds() throws Exception {
        Script resumesAndResets = resumesAnd(peer -> {
            peer.receive();
            peer.reset();
        });
        try (ScriptedServer server = ScriptedServer.of(
                        after(opensAndResets(1), times(3, resumesAndResets, resumesAnd(Peer::stall))));
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("x"));
            events.until("resumed");
            client.send(Bytes.utf8("x"));
            events.until("resumed");
            time.advance(Duration.ofMillis(4999));
            client.send(Bytes.utf8("x"));
            events.until("resumed");
            time.advance(Duration.ofMillis(5000));
            client.send(Bytes.utf8("x"));
            events.until("resumed");
            assertThat(waitsInMillis()).containsExactly(500L, 1000L, 2000L, 500L);
        }
    }

    private Script decoy() {
        return peer -> {
            peer.decoy(session);
            peer.stall();
        };
    }

    @Test
    void aFewChallengesThatDoNotOpenCostNoSession() throws Exception {
        Script[] scripts = after(opensAndResets(1), times(4, decoy(), resumesAnd(ReconnectorTest::echo)));
        try (ScriptedServer server = ScriptedServer.of(scripts);
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("x"));
            assertThat(events.until("resumed")).containsExactly("connected new", "suspended", "resumed");
            assertThat(waitsInMillis()).containsExactly(500L, 1000L, 1000L, 1000L, 1000L);
        }
    }

    @Test
    void aChallengeThatCanBeDecryptedResetsTheCountOfRefusals() throws Exception {
        Script challenges = peer -> {
            peer.challenge(session);
            peer.finish();
        };
        Script[] more = after(challenges, times(4, decoy(), resumesAnd(ReconnectorTest::echo)));
        Script[] scripts = after(opensAndResets(1), times(4, decoy(), more));
        try (ScriptedServer server = ScriptedServer.of(scripts);
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("x"));
            assertThat(events.until("resumed")).containsExactly("connected new", "suspended", "resumed");
        }
    }

    @Test
    void challengesThatDoNotOpenFiveTimesMeanGoneForGood() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opensAndResets(1), decoy());
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("x"));
            assertThat(events.until("closed"))
                    .containsExactly("connected new", "suspended", "closed SESSION_GONE true");
            assertThat(server.links()).isEqualTo(1 + 5);
            assertThatThrownBy(() -> client.receive(LONG)).isInstanceOf(SessionGoneException.class);
            assertThatThrownBy(() -> client.send(new byte[0])).isInstanceOf(SessionGoneException.class);
            assertThatThrownBy(client::exportState).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aNewSessionIsOpenedWhereThatIsAllowedAndNeverInSilence() throws Exception {
        Script opensAnother = peer -> {
            peer.open(2);
            echo(peer);
        };
        try (ScriptedServer server = ScriptedServer.of(after(opensAndResets(1), times(5, decoy(), opensAnother)));
                VoltlaneClient client = client(server).newSessionWhenGone(true).connect()) {
            time.hold();
            client.send(Bytes.utf8("x"));
            events.until("suspended");
            client.send(Bytes.utf8("for the old session"));
            time.release();
            assertThat(events.until("connected new")).containsExactly("gone 1", "connected new");
            assertThat(client.sessionId()).isEqualTo(2);
            assertThat(client.exportState().sessionId()).isEqualTo(2);
            assertThat(client.discardedPackets()).isEqualTo(1);
            client.send(Bytes.utf8("for the new session"));
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("for the new session"));
        }
    }

    @Test
    void aServerThatHangsUpInsteadOfChallengingIsAskedFiveTimes() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opensAndResets(1), asked(Peer::finish));
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("x"));
            assertThat(events.until("closed"))
                    .containsExactly("connected new", "suspended", "closed SESSION_GONE true");
            assertThat(server.links()).isEqualTo(1 + 5);
        }
    }

    @Test
    void aServerThatHangsUpBeforeItSaysWhoItIsMayBeAProxyAndIsAskedOnAndOn() throws Exception {
        Script[] scripts = after(opensAndResets(1), times(20, Peer::finish, resumesAnd(ReconnectorTest::echo)));
        try (ScriptedServer server = ScriptedServer.of(scripts);
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("x"));
            assertThat(events.until("resumed")).containsExactly("connected new", "suspended", "resumed");
        }
    }

    private static void loginPage(Peer peer) throws IOException {
        peer.raw(Bytes.utf8("HTTP/1.1 302 Found\r\nLocation: http://login\r\n\r\n"));
        peer.stall();
    }

    @Test
    void aServerOfAnotherProtocolIsTriedAgainAndAgain() throws Exception {
        Script[] scripts =
                after(opensAndResets(1), times(20, ReconnectorTest::loginPage, resumesAnd(ReconnectorTest::echo)));
        try (ScriptedServer server = ScriptedServer.of(scripts);
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("x"));
            assertThat(events.until("resumed")).containsExactly("connected new", "suspended", "resumed");
        }
    }

    @Test
    void giveUpAfterLimitsTheWaitForSuchAServer() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opensAndResets(1), ReconnectorTest::loginPage);
                VoltlaneClient client =
                        client(server).giveUpAfter(Duration.ofSeconds(1)).connect()) {
            client.send(Bytes.utf8("x"));
            events.until("closed PROTOCOL_VIOLATION false");
            assertThat(waitsInMillis()).containsExactly(500L, 500L);
        }
    }

    @Test
    void linksThatBreakInsteadOfAChallengeAreNoRefusals() throws Exception {
        Script[] scripts = after(opensAndResets(1), times(20, asked(Peer::reset), resumesAnd(ReconnectorTest::echo)));
        try (ScriptedServer server = ScriptedServer.of(scripts);
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("x"));
            assertThat(events.until("resumed")).containsExactly("connected new", "suspended", "resumed");
        }
    }

    @Test
    void afterAChallengeThatOpenedTheSessionIsNotGoneHoweverOftenLinksEnd() throws Exception {
        Script challenges = peer -> {
            peer.challenge(session);
            peer.finish();
        };
        Script[] scripts = after(opensAndResets(1), times(20, challenges, resumesAnd(ReconnectorTest::echo)));
        try (ScriptedServer server = ScriptedServer.of(scripts);
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("x"));
            assertThat(events.until("resumed")).containsExactly("connected new", "suspended", "resumed");
        }
    }

    /** The program drops each link while it waits for a challenge. */
    @Test
    void linksThatTheProgramGivesUpAreNoRefusals() throws Exception {
        Semaphore asked = new Semaphore(0);
        Script hesitates = asked(peer -> {
            asked.release();
            peer.stall();
        });
        Script[] scripts = after(opensAndResets(1), times(10, hesitates, resumesAnd(ReconnectorTest::echo)));
        try (ScriptedServer server = ScriptedServer.of(scripts);
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("x"));
            for (int i = 0; i < 10; i++) {
                assertThat(asked.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
                client.reconnect();
            }
            assertThat(events.until("resumed")).containsExactly("connected new", "suspended", "resumed");
        }
    }

    private static void impostor(Peer peer) throws IOException {
        peer.expect(ProtocolVersion.class);
        peer.send(new PubKey(KeyPair.generate(ScriptedServer.RANDOM).publicKey()));
        assertThat(peer.stall()).as("bytes that are disclosed to it").isZero();
    }

    @Test
    void anotherServerKeyThanTheRememberedOneAFewTimesCostsNoSession() throws Exception {
        Script[] scripts =
                after(opensAndResets(1), times(4, ReconnectorTest::impostor, resumesAnd(ReconnectorTest::echo)));
        try (ScriptedServer server = ScriptedServer.of(scripts);
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("x"));
            assertThat(events.until("resumed")).containsExactly("connected new", "suspended", "resumed");
        }
    }

    @Test
    void fiveTimesInARowItIsTheEnd() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opensAndResets(1), ReconnectorTest::impostor);
                VoltlaneClient client = client(server).newSessionWhenGone(true).connect()) {
            client.send(Bytes.utf8("x"));
            events.until("closed SERVER_KEY_CHANGED false");
            assertThat(server.links()).isEqualTo(1 + 5);
        }
    }

    @Test
    void whetherTheServerClosedTheLinkInGoodOrderIsTold() throws Exception {
        BlockingQueue<IOException> causes = new LinkedBlockingQueue<>();
        Script closes = peer -> {
            session = peer.open(1);
            peer.finish();
        };
        Script resets = resumesAnd(peer -> {
            peer.receive();
            peer.reset();
        });
        try (ScriptedServer server = ScriptedServer.of(closes, resets, resumesAnd(ReconnectorTest::echo));
                VoltlaneClient client = client(server)
                        .listener(new ClientListener() {
                            @Override
                            public void suspended(VoltlaneClient it, IOException cause) {
                                causes.add(cause);
                            }
                        })
                        .connect()) {
            assertThat(causes.poll(20, TimeUnit.SECONDS)).isInstanceOf(EOFException.class);
            client.send(Bytes.utf8("x"));
            assertThat(causes.poll(20, TimeUnit.SECONDS)).isNotNull().isNotInstanceOf(EOFException.class);
        }
    }

    @Test
    void anotherServerKeyThanThePinnedOneIsTheEndAtOnce() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opensAndResets(1), ReconnectorTest::impostor);
                VoltlaneClient client = client(server)
                        .serverKey(server.keys.publicKey())
                        .newSessionWhenGone(true)
                        .connect()) {
            client.send(Bytes.utf8("x"));
            events.until("closed SERVER_KEY_CHANGED false");
            assertThat(server.links()).isEqualTo(2);
            assertThatThrownBy(() -> client.receive(LONG)).isInstanceOf(ServerKeyException.class);
            assertThat(client.exportState().sessionId())
                    .as("it is not gone, after all")
                    .isEqualTo(1);
        }
    }

    @Test
    void aSessionThatIsTakenOverAgainAndAgainIsLeftToTheOther() throws Exception {
        Script opens = peer -> {
            session = peer.open(1);
            peer.finish();
        };
        try (ScriptedServer server = ScriptedServer.of(opens, resumesAnd(Peer::finish));
                VoltlaneClient client = client(server).connect()) {
            List<String> came = events.until("closed");
            assertThat(came)
                    .endsWith("closed TAKEN_OVER false")
                    .filteredOn("resumed"::equals)
                    .hasSize(4);
            assertThat(server.links()).isEqualTo(5);
            assertThatThrownBy(() -> client.receive(LONG)).isInstanceOf(TakenOverException.class);
        }
    }

    @Test
    void aServerThatEndsLinksNowAndThenIsNoRival() throws Exception {
        Script opens = peer -> {
            session = peer.open(1);
            peer.receive();
            peer.finish();
        };
        Script resumes = resumesAnd(peer -> {
            peer.receive();
            peer.finish();
        });
        try (ScriptedServer server = ScriptedServer.of(opens, resumes);
                VoltlaneClient client = client(server).connect()) {
            for (int i = 0; i < 12; i++) {
                time.advance(Duration.ofSeconds(i % 4 == 3 ? 20 : 1));
                client.send(Bytes.utf8("x"));
                events.until("resumed");
            }
        }
    }

    @Test
    void aNetworkThatResetsLinksSoonIsNoRival() throws Exception {
        Script resumes = resumesAnd(peer -> {
            peer.receive();
            peer.reset();
        });
        try (ScriptedServer server = ScriptedServer.of(opensAndResets(1), resumes);
                VoltlaneClient client = client(server).connect()) {
            for (int i = 0; i < 12; i++) {
                client.send(Bytes.utf8("x"));
                events.until("resumed");
            }
        }
    }

    @Test
    void aClientMayGiveUp() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opensAndResets(1), Peer::finish);
                VoltlaneClient client =
                        client(server).giveUpAfter(Duration.ofSeconds(60)).connect()) {
            client.send(Bytes.utf8("x"));
            events.until("closed HUNG_UP true");
            // The sixth attempt comes after 0.5 + 1 + 2 + 4 + 8 + 16 s, and the seventh at the end of the 60 s.
            assertThat(waitsInMillis()).containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16000L, 28500L);
            assertThat(server.links()).isEqualTo(1 + 7);
        }
    }

    @Test
    void aServerThatIsAwayIsWaitedFor() throws Exception {
        ScriptedServer server = ScriptedServer.of(opensAndResets(1));
        try (VoltlaneClient client =
                client(server).giveUpAfter(Duration.ofSeconds(1000)).connect()) {
            time.hold();
            client.send(Bytes.utf8("x"));
            events.until("suspended");
            server.close();
            time.release();
            events.until("closed UNREACHABLE true");
            assertThat(waitsInMillis()).hasSizeGreaterThan(30).contains(30_000L);
            assertThat(time.waits().stream().reduce(Duration.ZERO, Duration::plus))
                    .as("the last wait is as long as what was left")
                    .isEqualTo(Duration.ofSeconds(1000));
            assertThatThrownBy(() -> client.send(new byte[1])).isInstanceOf(UnreachableException.class);
        }
    }

    @Test
    void reconnectCutsAWaitShort() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opensAndResets(1), resumesAnd(ReconnectorTest::echo));
                VoltlaneClient client = client(server).connect()) {
            time.hold();
            client.send(Bytes.utf8("x"));
            events.until("suspended");
            client.reconnect();
            events.until("resumed");
        }
    }

    @Test
    void reconnectGivesALivingLinkUpAndDialsWithoutAWait() throws Exception {
        Script opens = peer -> {
            session = peer.open(1);
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.of(opens, resumesAnd(ReconnectorTest::echo));
                VoltlaneClient client = client(server).connect()) {
            time.hold();
            client.reconnect();
            assertThat(events.until("resumed")).containsExactly("connected new", "suspended", "resumed");
            client.send(Bytes.utf8("x"));
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("x"));
        }
    }

    @Test
    void theOldLinkIsClosedBeforeTheNewOneIsUsed() throws Exception {
        CountDownLatch oldEnded = new CountDownLatch(1);
        Script opens = peer -> {
            session = peer.open(1);
            peer.stall();
            oldEnded.countDown();
        };
        Script resumes = peer -> {
            assertThat(oldEnded.await(20, TimeUnit.SECONDS)).isTrue();
            peer.resume(session);
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.of(opens, resumes);
                VoltlaneClient client =
                        client(server).handshakeTimeout(Duration.ofSeconds(60)).connect()) {
            client.reconnect();
            events.until("resumed");
        }
    }

    @Test
    void anErrorOfOurOwnIsTheEndAndEverybodyHearsOfIt() throws Exception {
        Time broken = new Time() {
            @Override
            public long nowNanos() {
                return 0;
            }

            @Override
            public void await(Condition condition, long nanos) {
                throw new IllegalStateException("a bug");
            }
        };
        try (ScriptedServer server = ScriptedServer.of(opensAndResets(1));
                VoltlaneClient client = client(server)
                        .environment(new Environment(broken, () -> 0.5, ScriptedServer.RANDOM))
                        .connect()) {
            client.send(Bytes.utf8("x"));
            assertThatThrownBy(client::receive)
                    .isInstanceOf(ClientFailedException.class)
                    .hasRootCauseMessage("a bug");
            events.until("closed FAILED false");
        }
    }

    @Test
    void reconnectWorksWhileNobodyReceivesAndLosesNothing() throws Exception {
        Script opens = peer -> {
            session = peer.open(1);
            for (int i = 0; i < 3; i++) {
                peer.data(Bytes.numbered(i, 20));
            }
            peer.stall();
        };
        Script resumes = resumesAnd(peer -> {
            peer.data(Bytes.numbered(3, 20));
            peer.stall();
        });
        try (ScriptedServer server = ScriptedServer.of(opens, resumes);
                VoltlaneClient client = client(server).receiveBuffer(1, 100).connect()) {
            await().until(() -> Thread.getAllStackTraces().entrySet().stream()
                    .anyMatch(it -> it.getKey().getName().endsWith("-reader")
                            && it.getKey().getState() == Thread.State.WAITING
                            && Arrays.stream(it.getValue())
                                    .anyMatch(frame -> frame.getClassName().equals(ReceiveQueue.class.getName()))));
            client.reconnect();
            events.until("resumed");
            byte[] first = client.receive(LONG);
            assertThat(first).isEqualTo(Bytes.numbered(0, 20));
            assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(1, 20));
            byte[] last = client.receive(LONG);
            // The third packet may still have been on its way when the link was closed.
            assertThat(List.of(last)).containsAnyOf(Bytes.numbered(2, 20), Bytes.numbered(3, 20));
        }
    }

    @Test
    void aStateCarriesASessionFromOneClientToTheNext() throws Exception {
        Script opens = peer -> {
            session = peer.open(1);
            echo(peer);
        };
        try (ScriptedServer server = ScriptedServer.of(opens, resumesAnd(ReconnectorTest::echo))) {
            SessionState state;
            try (VoltlaneClient client = client(server).connect()) {
                state = SessionState.fromText(client.exportState().toText());
            }
            events.until("closed");
            try (VoltlaneClient client = client(server).importState(state).connect()) {
                assertThat(events.until("connected")).containsExactly("connected old");
                assertThat(client.sessionId()).isEqualTo(1);
            }
        }
    }

    @Test
    void aStateOfASessionThatIsGoneOpensANewOneWhereThatIsAllowed() throws Exception {
        KeyPair keys = KeyPair.generate(ScriptedServer.RANDOM);
        Peer.Session old = new Peer.Session(1, keys.publicKey());
        Script opens = peer -> {
            peer.open(2);
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.of(times(5, peer -> peer.decoy(old), opens))) {
            SessionState state = new SessionState(1, keys, server.keys.publicKey());
            try (VoltlaneClient client =
                    client(server).importState(state).newSessionWhenGone(true).connect()) {
                assertThat(events.until("connected")).containsExactly("connected new");
                assertThat(client.sessionId()).isEqualTo(2);
            }
        }
    }

    @Test
    void aFrameOverTheLimitIsTheEnd() throws Exception {
        Script opens = peer -> {
            peer.open(1);
            peer.data(new byte[10]);
            peer.data(new byte[11]);
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.of(opens);
                VoltlaneClient client = client(server).maxFrameBytes(10).connect()) {
            assertThat(client.receive(LONG)).hasSize(10);
            assertThatThrownBy(() -> client.receive(LONG))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessage("a frame of 11 bytes came (limit: 10)");
            events.until("closed PROTOCOL_VIOLATION false");
        }
    }

    @Test
    void dataRightBehindTheHandshakeIsNotLost() throws Exception {
        Script opens = peer -> {
            peer.hello();
            peer.raw(Bytes.hex("02000000 0309 02000000 6869 00000000"));
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.of(opens);
                VoltlaneClient client = client(server).connect()) {
            assertThat(client.sessionId()).isEqualTo(9);
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("hi"));
            assertThat(client.receive(LONG)).isEmpty();
        }
    }

    @Test
    void closeSendsWhatWaitsAndSaysGoodbye() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Script opens = peer -> {
            peer.open(1);
            for (int i = 0; i < 500; i++) {
                assertThat(peer.receive()).isEqualTo(Bytes.numbered(i, 2_000));
            }
            assertThat(peer.stall()).isZero();
            done.countDown();
        };
        try (ScriptedServer server = ScriptedServer.of(opens)) {
            try (VoltlaneClient client = client(server).connect()) {
                for (int i = 0; i < 500; i++) {
                    client.send(Bytes.numbered(i, 2_000));
                }
            }
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closeDoesNotWaitForAServerThatNeitherReadsNorLeaves() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        Script opens = peer -> {
            peer.open(1);
            closed.await();
        };
        try (ScriptedServer server = ScriptedServer.of(opens)) {
            VoltlaneClient client =
                    client(server).closeTimeout(Duration.ofMillis(100)).connect();
            client.send(new byte[8_000_000]);
            client.send(new byte[8_000_000]);
            client.close();
            client.close();
            assertThatThrownBy(() -> client.send(new byte[0])).isInstanceOf(ClientClosedException.class);
            assertThatThrownBy(client::receive).isInstanceOf(ClientClosedException.class);
            events.until("closed CLOSED false");
            closed.countDown();
        }
    }

    @Test
    void closeEndsAWaitAndADial() throws Exception {
        Script opens = peer -> {
            session = peer.open(1);
            peer.receive();
            peer.reset();
        };
        for (boolean dialing : new boolean[] {false, true}) {
            try (ScriptedServer server = ScriptedServer.of(opens, Peer::stall)) {
                if (!dialing) {
                    time.hold();
                }
                VoltlaneClient client = client(server).connect();
                client.send(Bytes.utf8("x"));
                events.until("suspended");
                if (dialing) {
                    await().until(() -> server.links() == 2);
                }
                client.close();
                assertThat(events.until("closed")).containsExactly("closed CLOSED false");
                time.release();
            }
        }
    }

    @Test
    void aCallbackMayCloseAndTheRestHappensWhenItReturnsWhateverTheServerDoes() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        Script opens = peer -> {
            peer.open(1);
            peer.data(Bytes.utf8("enough"));
            assertThat(peer.receive()).isEqualTo(Bytes.utf8("bye"));
            assertThat(peer.stall()).isZero();
            closed.await(); // the server does not close the link by itself
        };
        try (ScriptedServer server = ScriptedServer.of(opens);
                VoltlaneClient client = client(server)
                        .closeTimeout(Duration.ofMillis(100))
                        .onData((it, packet) -> {
                            it.send(Bytes.utf8("bye"));
                            it.close();
                        })
                        .connect()) {
            events.until("closed CLOSED false");
            closed.countDown();
            assertThatThrownBy(() -> client.send(new byte[0])).isInstanceOf(ClientClosedException.class);
        }
    }

    @Test
    void callbacksThatThrowOrInterruptEndNothing() throws Exception {
        Script opens = peer -> {
            session = peer.open(1);
            echo(peer);
        };
        BlockingQueue<byte[]> got = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.of(opens);
                VoltlaneClient client = client(server)
                        .onData((it, packet) -> {
                            got.add(packet);
                            Thread.currentThread().interrupt();
                            throw new IOException("a test's own");
                        })
                        .connect()) {
            for (int i = 0; i < 5; i++) {
                client.send(Bytes.numbered(i, 4));
                assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo(Bytes.numbered(i, 4));
            }
            assertThat(server.links()).isEqualTo(1);
            assertThatThrownBy(client::receive).isInstanceOf(IllegalStateException.class);
        }
        assertThat(events.until("closed")).containsExactly("connected new", "closed CLOSED false");
    }

    @Test
    void inACallbackNothingIsWaitedFor() throws Exception {
        List<Throwable> thrown = new ArrayList<>();
        CountDownLatch tried = new CountDownLatch(1);
        ClientListener listener = new ClientListener() {
            @Override
            public void suspended(VoltlaneClient client, IOException cause) {
                thrown.add(catchThrowable(() -> client.send(new byte[1])));
                thrown.add(catchThrowable(() -> client.send(new byte[1])));
                thrown.add(catchThrowable(client::receive));
                tried.countDown();
            }
        };
        try (ScriptedServer server = ScriptedServer.of(opensAndResets(1), resumesAnd(ReconnectorTest::echo));
                VoltlaneClient client = client(server)
                        .listener(listener)
                        .sendBuffer(1, 100, SendPolicy.WAIT)
                        .connect()) {
            client.send(new byte[1]);
            assertThat(tried.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(thrown.get(0)).isNull();
            assertThat(thrown.get(1)).isInstanceOf(SendQueueFullException.class);
            assertThat(thrown.get(2)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aClientThatDoesNotReceiveHoldsTheServerBackAndLosesNothing() throws Exception {
        int packets = 800;
        int bytes = 100_000;
        CountDownLatch[] sent = {new CountDownLatch(packets)};
        Script opens = peer -> {
            peer.open(1);
            for (int i = 0; i < packets; i++) {
                peer.data(Bytes.numbered(i, bytes));
                sent[0].countDown();
            }
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.of(opens);
                VoltlaneClient client =
                        client(server).receiveBuffer(3, 1_000_000).connect()) {
            // Two sockets can't hold 80 MB, so the server can't have sent all packets.
            assertThat(sent[0].await(500, TimeUnit.MILLISECONDS)).isFalse();
            for (int i = 0; i < packets; i++) {
                assertThat(client.receive(LONG))
                        .startsWith(Bytes.numbered(i, 4))
                        .hasSize(bytes);
            }
        }
    }

    @Test
    void threadsAreTheFactorysAndAllOfThemEnd() throws Exception {
        List<Thread> threads = new ArrayList<>();
        Script opens = peer -> {
            peer.open(1);
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.of(opens)) {
            client(server)
                    .threads(body -> {
                        Thread thread = new Thread(body, "mine");
                        threads.add(thread);
                        return thread;
                    })
                    .connect()
                    .close();
        }
        assertThat(threads).hasSize(2);
        for (Thread thread : threads) {
            thread.join(20_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @Test
    void aFactoryThatFailsLeavesNothingBehind() throws Exception {
        int[] asked = {0};
        Script opens = peer -> {
            peer.open(1);
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.of(opens)) {
            Throwable thrown = catchThrowable(client(server).threads(body -> {
                if (asked[0]++ == 1) {
                    throw new IllegalStateException("no more threads");
                }
                return new Thread(body, "voltlane-client-mine");
            })::connect);
            assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessage("no more threads");
        }
    }
}
