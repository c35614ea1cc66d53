package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import net.voltlane.client.ScriptedServer.Script;
import net.voltlane.proof.X25519KeyPair;
import net.voltlane.protocol.Frame;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.version3.FieldWriter;
import net.voltlane.testkit.version3.ScriptedServerLink;
import net.voltlane.testkit.version3.ScriptedServerLink.Asked;
import net.voltlane.testkit.version3.ScriptedServerLink.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests with servers of version 3 that misbehave, in the handshakes and after them. */
@Timeout(120)
@ExtendWith({ThreadsLeft.class, SocketsLeft.class})
final class Version3HostileServerTest extends Version3Client {

    /** The frames that a client waits for in a handshake. */
    enum Step {
        OPENED,
        CHALLENGE,
        RESUMED;

        boolean resumes() {
            return this != OPENED;
        }

        /** Runs the handshake up to this step, and returns the right answer. */
        byte[] reach(ScriptedServerLink link, Session session) throws IOException {
            if (this == OPENED) {
                link.askedToOpen(1);
                return Frame.of(new FieldWriter().u8(0x11).bytes(new byte[50]).toBytes());
            }
            Asked asked = link.askedToResume(session);
            if (this == CHALLENGE) {
                return Frame.of(new FieldWriter().u8(0x13).bytes(new byte[32]).toBytes());
            }
            return Frame.of(link.resumedPayload(asked, 0));
        }
    }

    /** A misbehaviour of a server, in place of the next frame. */
    enum Misdeed {
        CLOSES(HungUpException.class) {
            @Override
            void commit(Peer peer, byte[] right) throws IOException {
                peer.finish();
            }
        },
        RESETS(HungUpException.class) {
            @Override
            void commit(Peer peer, byte[] right) throws IOException {
                peer.reset();
            }
        },
        CLOSES_IN_THE_MIDDLE_OF_A_FRAME(HungUpException.class) {
            @Override
            void commit(Peer peer, byte[] right) throws IOException {
                peer.raw(Arrays.copyOf(right, right.length - 1));
                peer.finish();
            }
        },
        STALLS(HandshakeTimeoutException.class) {
            @Override
            void commit(Peer peer, byte[] right) throws IOException {
                peer.stall();
            }
        },
        DRIPS(HandshakeTimeoutException.class) {
            @Override
            void commit(Peer peer, byte[] right) throws IOException {
                peer.raw(Bytes.hex("00200000"));
                while (true) { // until the client gives up
                    peer.raw(new byte[1]);
                    LockSupport.parkNanos(2_000_000);
                }
            }
        },
        SENDS_FRAMES_TO_BE_SKIPPED(HandshakeTimeoutException.class) {
            @Override
            void commit(Peer peer, byte[] right) throws IOException {
                while (true) {
                    peer.raw(Bytes.hex("0100000040"));
                    LockSupport.parkNanos(2_000_000);
                }
            }
        },
        SPEAKS_HTTP(ProtocolViolationException.class) {
            @Override
            void commit(Peer peer, byte[] right) throws IOException {
                peer.raw(Bytes.utf8("HTTP/1.1 400 Bad Request\r\n\r\n"));
                peer.stall();
            }
        },
        ANNOUNCES_TOO_MUCH(ProtocolViolationException.class) {
            @Override
            void commit(Peer peer, byte[] right) throws IOException {
                peer.raw(Bytes.hex("01200000"));
                peer.stall();
            }
        },
        SENDS_AN_EMPTY_FRAME(ProtocolViolationException.class) {
            @Override
            void commit(Peer peer, byte[] right) throws IOException {
                peer.raw(Bytes.hex("00000000"));
                peer.stall();
            }
        },
        SENDS_TOO_LITTLE(ProtocolViolationException.class) {
            @Override
            void commit(Peer peer, byte[] right) throws IOException {
                peer.raw(Frame.of(right, 4, right.length - 5));
                peer.stall();
            }
        },
        SENDS_DATA(ProtocolViolationException.class) {
            @Override
            void commit(Peer peer, byte[] right) throws IOException {
                peer.raw(Bytes.hex("020000000061"));
                peer.stall();
            }
        },
        SENDS_A_TYPE_THAT_DOES_NOT_EXIST(ProtocolViolationException.class) {
            @Override
            void commit(Peer peer, byte[] right) throws IOException {
                peer.raw(Bytes.hex("010000003f"));
                peer.stall();
            }
        };

        final Class<? extends ClientException> expected;

        Misdeed(Class<? extends ClientException> expected) {
            this.expected = expected;
        }

        abstract void commit(Peer peer, byte[] right) throws IOException;
    }

    record Case(Step step, Misdeed misdeed) {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Step step : Step.values()) {
            for (Misdeed misdeed : Misdeed.values()) {
                cases.add(new Case(step, misdeed));
            }
        }
        return cases;
    }

    static Stream<Case> casesOfResume() {
        return cases().stream().filter(it -> it.step().resumes());
    }

    private Script script(Case it) {
        return version3((link, peer) -> it.misdeed().commit(peer, it.step().reach(link, session)));
    }

    private ClientBuilder hasty(ScriptedServer server, Case it) {
        boolean mustExpire = it.misdeed().expected == HandshakeTimeoutException.class;
        return client(server).handshakeTimeout(Duration.ofMillis(mustExpire ? 400 : 20_000));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void connectTellsWhatWentWrong(Case it) throws Exception {
        X25519KeyPair keys = X25519KeyPair.generate(ScriptedServer.RANDOM);
        byte[] serverKey = new ScriptedServerLink(serverKeys, () -> new byte[0], bytes -> {}).serverKey();
        session = new Session(7, keys.publicKey(), new byte[0]);
        try (ScriptedServer server = ScriptedServer.of(script(it))) {
            ClientBuilder client = hasty(server, it);
            if (it.step().resumes()) {
                client.importState(new SessionState(7, Version3State.fresh(keys), serverKey));
            }
            assertThat(catchThrowable(client::connect)).isInstanceOf(it.misdeed().expected);
            await().until(() -> server.links() == 1); // a hasty client may leave before it is accepted
        }
    }

    /** Whatever happens before the proof must not end a session. */
    @ParameterizedTest
    @MethodSource("casesOfResume")
    void aClientOnItsOwnGetsOverIt(Case it) throws Exception {
        Script first = opens((link, peer) -> {
            link.nextData();
            peer.reset();
        });
        Script good = resumes(0, Version3Client::echo);
        try (ScriptedServer server = ScriptedServer.of(first, script(it), script(it), good);
                VoltlaneClient client = hasty(server, it).connect()) {
            client.send(Bytes.utf8("not lost with the link"));
            assertThat(events.until("resumed")).containsExactly("connected new", "suspended", "resumed");
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("not lost with the link"));
            assertThat(server.links()).isEqualTo(4);
        }
    }

    /** Flips every byte of Resumed: no one is believed. */
    @ParameterizedTest
    @ValueSource(ints = {1, 16, 32, 33, 40, 41, 43, 47, 50})
    void nothingIsBelievedBeforeTheProofHasVerified(int position) throws Exception {
        Script first = opens((link, peer) -> {
            link.nextData();
            peer.reset();
        });
        Script forged = version3((link, peer) -> {
            byte[] resumed = link.resumedPayload(link.askedToResume(session), 0);
            resumed[position] ^= 1;
            link.raw(Frame.of(resumed));
            link.ack(1);
            link.data(Bytes.utf8("forged"));
            peer.stall();
        });
        try (ScriptedServer server = ScriptedServer.of(first, forged, resumes(0, Version3Client::echo));
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("1"));
            assertThat(events.until("resumed")).containsExactly("connected new", "suspended", "resumed");
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("1"));
        }
    }

    @Test
    void anotherServerCanNotProveThatItHasTheSession() throws Exception {
        Script first = opens(Version3Client::reset);
        Script impostor = peer -> {
            ScriptedServerLink link = peer.version3(new net.voltlane.testkit.version3.ClientKeys());
            Asked asked = link.askedToResume(session);
            assertThat(catchThrowable(() -> link.resumed(asked, 0)))
                    .isInstanceOf(AssertionError.class); // it can't check the client's proof either
            link.raw(Frame.of(new FieldWriter().u8(0x15).bytes(new byte[50]).toBytes()));
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.of(first, impostor, resumes(0, Version3Client::serve));
                VoltlaneClient client = client(server).connect()) {
            assertThat(events.until("resumed")).containsExactly("connected new", "suspended", "resumed");
            assertThat(client.isConnected()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 4, 5, 9_007_199_254_740_991L})
    void aCountThatDoesNotFitIsAGapAndNothingIsPaperedOver(long accepted) throws Exception {
        Script first = opens((link, peer) -> {
            link.nextData();
            link.nextData();
            link.nextData();
            link.ack(1);
            peer.reset();
        });
        Script resumes = version3((link, peer) -> {
            link.resume(session, accepted);
            peer.stall();
        });
        try (ScriptedServer server = ScriptedServer.of(first, resumes);
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("1"));
            client.send(Bytes.utf8("2"));
            client.send(Bytes.utf8("3"));
            assertThatThrownBy(client::receive)
                    .isInstanceOf(GapException.class)
                    .hasMessageContaining("has read " + accepted + " packets")
                    .hasMessageContaining("1 to 3");
            events.until("closed GAP true");
            assertThat(server.links()).isEqualTo(2);
        }
    }

    /** Frames that a server may not send to a client that has its session. */
    static Stream<String> violations() {
        return Stream.of(
                "010200000000000000", // an Ack beyond what was sent
                "01ffffffffffffff1f", // the largest count
                "01ffffffffffffffff", // no count
                "0101", // an Ack that is too short
                "02", // a Ping
                "04", // Leave
                "0500", // a Close that is too short
                "0600", // a GoAway that is too short
                "0300000000000000000000000000000000ff", // a Pong of 17 bytes
                "11" + "00".repeat(50), // Opened twice
                "13" + "00".repeat(32), // a Challenge
                "15" + "00".repeat(50), // Resumed
                "10" + "00".repeat(36), // Open
                "07", // types that do not exist
                "3f");
    }

    @ParameterizedTest
    @MethodSource("violations")
    void aViolationEndsTheClient(String payload) throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> {
                    link.nextData();
                    link.raw(Frame.of(Bytes.hex(payload)));
                    peer.stall();
                }));
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("1"));
            assertThatThrownBy(client::receive).isInstanceOf(ProtocolViolationException.class);
            events.until("closed PROTOCOL_VIOLATION false");
        }
    }

    @Test
    void anAckThatGoesBackEndsTheClientAndTheSameAgainIsNothing() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> {
                    link.nextData();
                    link.nextData();
                    link.ack(2);
                    link.ack(2);
                    link.data(Bytes.utf8("still here"));
                    link.ack(1);
                    peer.stall();
                }));
                VoltlaneClient client = client(server).connect()) {
            client.send(Bytes.utf8("1"));
            client.send(Bytes.utf8("2"));
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("still here"));
            assertThatThrownBy(client::receive)
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("acknowledged 1 packets");
        }
    }

    @Test
    void anAckForAFrameThatIsStillBeingWrittenIsAViolation() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> {
                    peer.some(10);
                    link.ack(1);
                    peer.stall();
                }));
                VoltlaneClient client = client(server)
                        .maxFrameBytes(64 << 20)
                        .sendBuffer(2, 1, SendPolicy.FAIL)
                        .connect()) {
            client.send(new byte[8_000_000]);
            assertThatThrownBy(client::receive).isInstanceOf(ProtocolViolationException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"01208000", "02000001", "ffffffff", "00000080"})
    void aFrameOverTheLimitEndsTheClient(String prefix) throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> {
                    link.raw(Bytes.hex(prefix + (prefix.startsWith("01") ? "01" : "00")));
                    peer.stall();
                }));
                VoltlaneClient client = client(server).connect()) {
            assertThatThrownBy(client::receive)
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("limit");
        }
    }

    @Test
    void typesForLaterVersionsAreSkipped() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(version3((link, peer) -> {
                    session = link.askedToOpen(1);
                    link.raw(Bytes.hex("03000000400102"));
                    link.opened(1);
                    link.raw(Bytes.hex("0100000040" + "01000000ff"));
                    link.raw(Frame.of(
                            new FieldWriter().u8(0x80).bytes(new byte[8191]).toBytes()));
                    link.data(Bytes.utf8("a"));
                    link.serve();
                }));
                VoltlaneClient client = client(server).connect()) {
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("a"));
        }
    }

    @Test
    void everyByteMayComeAlone() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(
                        peer -> {
                            ScriptedServerLink link = new ScriptedServerLink(serverKeys, peer::receive, bytes -> {
                                for (byte one : bytes) {
                                    peer.raw(new byte[] {one});
                                }
                            });
                            session = link.open(1);
                            link.data(Bytes.utf8("a"));
                            link.nextData();
                            link.ack(1);
                            peer.reset();
                        },
                        peer -> {
                            ScriptedServerLink link = new ScriptedServerLink(serverKeys, peer::receive, bytes -> {
                                for (byte one : bytes) {
                                    peer.raw(new byte[] {one});
                                }
                            });
                            link.resume(session, 1);
                            link.ack(1);
                            link.data(Bytes.utf8("b"));
                            link.serve();
                        });
                VoltlaneClient client = client(server).connect()) {
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("a"));
            client.sendAcknowledged(Bytes.utf8("1")).get(20, TimeUnit.SECONDS);
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("b"));
        }
    }

    @Test
    void anotherKeyThanThePinnedOneIsRefusedAtOnce() throws Exception {
        byte[] pinned = X25519KeyPair.generate(ScriptedServer.RANDOM).publicKey();
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> peer.stall()))) {
            ServerKeyException thrown = (ServerKeyException)
                    catchThrowable(() -> client(server).serverKey(pinned).connect());
            assertThat(thrown.actualKey())
                    .isEqualTo(new ScriptedServerLink(serverKeys, () -> pinned, bytes -> {}).serverKey());
        }
    }

    @Test
    void theRightPinnedKeyIsAccepted() throws Exception {
        byte[] pinned = new ScriptedServerLink(serverKeys, () -> new byte[0], bytes -> {}).serverKey();
        try (ScriptedServer server = ScriptedServer.of(opens(Version3Client::serve));
                VoltlaneClient client = client(server).serverKey(pinned).connect()) {
            assertThat(client.exportState().serverKey()).isEqualTo(pinned);
        }
    }

    @Test
    void credentialsAndTheWishForAHeartbeatAreTold() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> {
                    assertThat(session.credentials()).isEqualTo(Bytes.utf8("token"));
                    link.serve();
                }));
                VoltlaneClient client =
                        client(server).credentials(Bytes.utf8("token")).connect()) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void aPacketThatIsLongerThanTheServerTakesIsNotSent() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(version3((link, peer) -> {
                    session = link.terms(new ScriptedServerLink.Terms(60, 10, 300))
                            .open(1);
                    link.serve();
                }));
                VoltlaneClient client = client(server).connect()) {
            client.send(new byte[10]);
            assertThatThrownBy(() -> client.send(new byte[11]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("packet of 11 bytes (expected: at most 10)");
        }
    }
}
