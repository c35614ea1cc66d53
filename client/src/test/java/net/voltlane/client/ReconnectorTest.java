package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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
final class ReconnectorTest extends ScriptedClient {

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
}
