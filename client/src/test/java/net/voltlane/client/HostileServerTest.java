package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import net.voltlane.client.ScriptedServer.Script;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests with servers that misbehave at each step of each handshake. The client throws a matching exception, and leaves
 * no thread or socket behind.
 */
@Timeout(120)
@ExtendWith({ThreadsLeft.class, SocketsLeft.class})
final class HostileServerTest {

    /** The packets that a client waits for in a handshake. */
    enum Step {
        SERVER_KEY_OF_NEW(false),
        SESSION_ID(false),
        SERVER_KEY_OF_RESUME(true),
        CHALLENGE(true),
        PING(true);

        final boolean resumes;

        Step(boolean resumes) {
            this.resumes = resumes;
        }

        /** Runs the handshake correctly up to this step. */
        void reach(Peer peer, Peer.Session session) throws IOException {
            switch (this) {
                case SERVER_KEY_OF_NEW, SERVER_KEY_OF_RESUME -> peer.expect(ProtocolVersion.class);
                case SESSION_ID -> peer.hello();
                case CHALLENGE -> peer.askedToResume(session);
                case PING -> peer.challenge(session);
            }
        }

        /** Returns the packet that the client expects. */
        HandshakePacket right(Peer peer) {
            return switch (this) {
                case SERVER_KEY_OF_NEW, SERVER_KEY_OF_RESUME -> new PubKey(peer.keys.publicKey());
                case SESSION_ID -> new ClientId(7);
                case CHALLENGE -> new Challenge(new byte[72]);
                case PING -> new Ping();
            };
        }

        /** Returns a packet that the client does not expect. */
        HandshakePacket wrong() {
            return this == PING ? new ClientId(7) : new Ping();
        }
    }

    /** A misbehaviour of a server, in place of the next packet. */
    enum Misdeed {
        CLOSES(HungUpException.class) {
            @Override
            void commit(Peer peer, Step step) throws IOException {
                peer.finish();
            }
        },
        RESETS(HungUpException.class) {
            @Override
            void commit(Peer peer, Step step) throws IOException {
                peer.reset();
            }
        },
        CLOSES_IN_THE_MIDDLE_OF_A_PACKET(HungUpException.class) {
            @Override
            void commit(Peer peer, Step step) throws IOException {
                byte[] frame = HandshakeCodec.frame(step.right(peer));
                peer.raw(Arrays.copyOf(frame, frame.length - 1));
                peer.finish();
            }
        },
        STALLS(HandshakeTimeoutException.class) {
            @Override
            void commit(Peer peer, Step step) throws IOException {
                peer.stall();
            }
        },
        DRIPS(HandshakeTimeoutException.class) {
            @Override
            void commit(Peer peer, Step step) throws IOException {
                peer.raw(Bytes.hex("00040000"));
                while (true) { // until the client gives up
                    peer.raw(new byte[1]);
                    LockSupport.parkNanos(2_000_000);
                }
            }
        },
        SPEAKS_HTTP(ProtocolViolationException.class) {
            @Override
            void commit(Peer peer, Step step) throws IOException {
                peer.raw("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                peer.stall();
            }
        },
        ANNOUNCES_TOO_MUCH(ProtocolViolationException.class) {
            @Override
            void commit(Peer peer, Step step) throws IOException {
                peer.raw(Bytes.hex("01040000"));
                peer.stall();
            }
        },
        SENDS_AN_EMPTY_FRAME(ProtocolViolationException.class) {
            @Override
            void commit(Peer peer, Step step) throws IOException {
                peer.data(new byte[0]);
                peer.stall();
            }
        },
        SENDS_A_TRUNCATED_PACKET(ProtocolViolationException.class) {
            @Override
            void commit(Peer peer, Step step) throws IOException {
                peer.data(Bytes.hex("02fd0000000000000040"));
                peer.stall();
            }
        },
        SENDS_ANOTHER_PACKET(ProtocolViolationException.class) {
            @Override
            void commit(Peer peer, Step step) throws IOException {
                peer.send(step.wrong());
                peer.stall();
            }
        };

        final Class<? extends ClientException> expected;

        Misdeed(Class<? extends ClientException> expected) {
            this.expected = expected;
        }

        abstract void commit(Peer peer, Step step) throws IOException;
    }

    record Case(Step step, Misdeed misdeed) {
        Script script(Peer.Session session) {
            return peer -> {
                step.reach(peer, session);
                misdeed.commit(peer, step);
            };
        }
    }

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
        return cases().stream().filter(it -> it.step().resumes);
    }

    private final KeyPair clientKeys = KeyPair.generate(ScriptedServer.RANDOM);
    private final Peer.Session session = new Peer.Session(42, clientKeys.publicKey());

    /** Sets a short timeout if it has to expire. Otherwise it is long, so that a busy machine does not look like it. */
    private static ClientBuilder hasty(ClientBuilder client, Case it) {
        boolean mustExpire = it.misdeed().expected == HandshakeTimeoutException.class;
        return client.handshakeTimeout(Duration.ofMillis(mustExpire ? 400 : 20_000))
                .environment(environment(new FakeTime()));
    }

    private static Environment environment(Time time) {
        return new Environment(time, () -> 0.5, ScriptedServer.RANDOM);
    }

    private SessionState state(ScriptedServer server) {
        return new SessionState(42, clientKeys, server.keys.publicKey());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void connectTellsWhatWentWrong(Case it) throws Exception {
        try (ScriptedServer server = ScriptedServer.of(it.script(session))) {
            ClientBuilder client = hasty(server.client(), it);
            if (it.step().resumes) {
                client.importState(state(server));
            }
            Throwable thrown = catchThrowable(client::connect);
            boolean soundsGone = it.step() == Step.CHALLENGE
                    && (it.misdeed() == Misdeed.CLOSES || it.misdeed() == Misdeed.CLOSES_IN_THE_MIDDLE_OF_A_PACKET);
            assertThat(thrown).isInstanceOf(soundsGone ? SessionGoneException.class : it.misdeed().expected);
            // A hasty client may leave before it is accepted.
            await().until(() -> server.links() == (soundsGone ? 5 : 1));
        }
    }

    /** Two failures in a row must not end a session. */
    @ParameterizedTest
    @MethodSource("casesOfResume")
    void aClientOnItsOwnGetsOverIt(Case it) throws Exception {
        Peer.Session[] opened = new Peer.Session[1];
        Script first = peer -> {
            opened[0] = peer.open(42);
            peer.receive();
            peer.reset();
        };
        Script bad = peer -> it.script(opened[0]).run(peer);
        Script good = peer -> {
            peer.resume(opened[0]);
            peer.data(peer.receive());
            peer.stall();
        };
        Recorder events = new Recorder();
        try (ScriptedServer server = ScriptedServer.of(first, bad, bad, good);
                VoltlaneClient client =
                        hasty(server.client(), it).listener(events).connect()) {
            client.send(Bytes.utf8("lost with the link"));
            assertThat(events.until("resumed")).containsExactly("connected new", "suspended", "resumed");
            client.send(Bytes.utf8("hello again"));
            assertThat(client.receive(Duration.ofSeconds(20))).isEqualTo(Bytes.utf8("hello again"));
            assertThat(client.sessionId()).isEqualTo(42);
            assertThat(server.links()).isEqualTo(4);
        }
        assertThat(events.until("closed")).containsExactly("closed CLOSED false");
    }

    @Test
    void anotherKeyThanThePinnedOneIsAnErrorOfItsOwn() throws Exception {
        byte[] pinned = KeyPair.generate(ScriptedServer.RANDOM).publicKey();
        try (ScriptedServer server = ScriptedServer.of(peer -> {
            peer.hello();
            peer.stall();
        })) {
            Throwable thrown =
                    catchThrowable(() -> server.client().serverKey(pinned).connect());
            assertThat(thrown).isInstanceOf(ServerKeyException.class);
            assertThat(((ServerKeyException) thrown).actualKey()).isEqualTo(server.keys.publicKey());
            assertThat(((ServerKeyException) thrown).reason()).isEqualTo(CloseReason.SERVER_KEY_CHANGED);
        }
    }

    @Test
    void toAServerWithAnotherKeyAResumeDisclosesNothing() throws Exception {
        byte[] known = KeyPair.generate(ScriptedServer.RANDOM).publicKey();
        int[] bytesAfterTheKey = {-1};
        try (ScriptedServer server = ScriptedServer.of(peer -> {
            peer.expect(ProtocolVersion.class);
            peer.send(new PubKey(peer.keys.publicKey()));
            bytesAfterTheKey[0] = peer.stall();
        })) {
            ClientBuilder client = server.client().importState(new SessionState(42, clientKeys, known));
            assertThat(catchThrowable(client::connect)).isInstanceOf(ServerKeyException.class);
        }
        assertThat(bytesAfterTheKey[0]).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33, 900})
    void aChallengeOfAnotherLengthIsNotAnswered(int bytes) throws Exception {
        int[] answered = {-1};
        try (ScriptedServer server = ScriptedServer.of(peer -> {
            peer.challenge(session, new byte[bytes]);
            answered[0] = peer.stall();
        })) {
            ClientBuilder client = server.client().importState(state(server));
            assertThat(catchThrowable(client::connect))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageEndingWith("(expected: 72)");
        }
        assertThat(answered[0]).isZero();
    }

    @Test
    void aKeyThatIsNoPointIsRubbish() throws Exception {
        byte[] offTheCurve = new byte[33];
        offTheCurve[0] = 2;
        offTheCurve[32] = 5;
        try (ScriptedServer server = ScriptedServer.of(peer -> {
            peer.send(new PubKey(offTheCurve));
            peer.stall();
        })) {
            assertThat(catchThrowable(server.client()::connect)).isInstanceOf(ProtocolViolationException.class);
        }
    }

    @Test
    void connectingToAPortWithoutAListenerFails() throws Exception {
        ScriptedServer server = ScriptedServer.of(Peer::stall);
        server.close();
        Throwable thrown = catchThrowable(server.client()::connect);
        assertThat(thrown)
                .isInstanceOf(UnreachableException.class)
                .hasMessageStartingWith("no connection to 127.0.0.1:");
        assertThat(((UnreachableException) thrown).reason().retryable()).isTrue();
    }

    @Test
    void anInterruptEndsConnecting() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(Peer::stall)) {
            Thread.currentThread().interrupt();
            assertThat(catchThrowable(server.client()::connect)).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
        }
    }
}
