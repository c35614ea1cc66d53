package net.voltlane.server;

import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import net.voltlane.proof.SessionKey;
import net.voltlane.proof.X25519KeyPair;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.Answer;
import net.voltlane.protocol.link3.Challenge;
import net.voltlane.protocol.link3.Close;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Open;
import net.voltlane.protocol.link3.Opened;
import net.voltlane.protocol.link3.Resume;
import net.voltlane.server.VoltlaneServerTest.Running;
import net.voltlane.server.VoltlaneServerTest.Setup;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.config.TransportKind;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile clients of version 3 on real sockets. Each one ends its own session at most, and a neighbour notices nothing. */
final class Version3HostileTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] VERSION = hex("020000000103");
    private static final int CAPACITY = 100;

    private Running it = start(c -> c);

    private static Running start(UnaryOperator<ServerConfig> more) {
        try {
            return Running.start(
                    new Setup(TransportKind.AUTO, 2),
                    c -> more.apply(c.withClients(c.clients().withUnacknowledgedCapacity(CAPACITY))));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() {
        it.close();
    }

    /** A client of which a test says every frame. */
    private static final class Client implements AutoCloseable {
        final Running at;
        final X25519KeyPair keys;
        ScriptedClient link;
        long id;
        byte[] serverKey = {};

        Client(Running at) {
            this.at = at;
            keys = X25519KeyPair.generate(RANDOM);
            link = ScriptedClient.connect(at.address());
            send(VERSION, LinkCodec.frame(new Open(keys.publicKey(), 0, new byte[0])));
            Opened opened = (Opened) next();
            id = opened.id();
            serverKey = opened.serverKey();
        }

        void send(byte[]... frames) {
            link.write(frames);
        }

        void send(LinkFrame frame) {
            link.write(LinkCodec.frame(frame));
        }

        LinkFrame next() {
            try {
                LinkFrame frame = LinkCodec.decode(link.receive());
                assertThat(frame).isNotNull();
                return frame;
            } catch (MalformedPacketException e) {
                throw new AssertionError(e);
            }
        }

        /** Reads up to Close, and to the end of the link. */
        void expectClose(CloseCode code) {
            LinkFrame frame = next();
            while (frame instanceof Data || frame instanceof Ack) {
                frame = next();
            }
            assertThat(frame).isInstanceOf(Close.class);
            assertThat(((Close) frame).known()).isEqualTo(code);
            assertThat(link.readUntilClosed().rest()).isEmpty();
        }

        /** Lets the master hear of this session. */
        Client introduce() {
            send(new Data(utf8("hello")));
            assertThat(at.firehose().dataOf(id)).isEqualTo(utf8("hello"));
            return this;
        }

        /** Takes a number of packets from the master, and acknowledges none. */
        void take(int packets) {
            for (int i = 0; i < packets; i++) {
                at.firehose().send(id, utf8("down " + i));
            }
            for (int i = 0; i < packets; ) {
                i += next() instanceof Data ? 1 : 0;
            }
        }

        /** Dials anew, and proves itself. */
        void resume(long received, long kept) {
            link.close();
            link = ScriptedClient.connect(at.address());
            Resume resume = new Resume(id, received, kept, new byte[32], 0);
            send(VERSION, LinkCodec.frame(resume));
            Challenge challenge = (Challenge) next();
            byte[] shared = keys.shared(serverKey);
            assertThat(shared).isNotNull();
            SessionKey key = SessionKey.derive(shared, id, keys.publicKey(), serverKey);
            byte[] transcript = SessionKey.transcript(LinkCodec.encode(resume), LinkCodec.encode(challenge));
            send(new Answer(key.clientProof(transcript)));
        }

        @Override
        public void close() {
            link.close();
        }
    }

    private void servesAnotherClient() {
        try (Client honest = new Client(it).introduce()) {
            it.firehose().send(honest.id, utf8("down"));
            LinkFrame frame = honest.next();
            assertThat(frame instanceof Ack ? honest.next() : frame).isEqualTo(new Data(utf8("down")));
        }
    }

    // ---- acknowledgements

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01 0400000000000000", // beyond what was sent
                "01 ffffffffffff1f00", // the largest count
                "01 0000000000002000", // 2^53
                "01 ffffffffffffffff",
                "01 ffffffffffffff7f",
                "01 00000000000000", // a byte too short
            })
    void anAckThatCanNotBeTrueEndsTheSession(String payload) {
        try (Client bad = new Client(it).introduce()) {
            bad.take(3);
            bad.send(Frame.of(hex(payload)));
            bad.expectClose(CloseCode.VIOLATION);
            it.firehose().expectFailure(bad.id, Reason.PROTOCOL_VIOLATION);
        }
        assertThat(it.server().count(Metric.ended(Reason.PROTOCOL_VIOLATION))).isOne();
        servesAnotherClient();
    }

    @Test
    void anAckThatGoesBackEndsTheSessionAndTheSameAgainDoesNot() {
        try (Client bad = new Client(it).introduce()) {
            bad.take(3);
            bad.send(new Ack(2));
            bad.send(new Ack(2));
            bad.introduce();
            bad.send(new Ack(1));
            bad.expectClose(CloseCode.VIOLATION);
            it.firehose().expectFailure(bad.id, Reason.PROTOCOL_VIOLATION);
        }
        servesAnotherClient();
    }

    @Test
    void acksMayComeOneByteAtATime() {
        try (Client slow = new Client(it).introduce()) {
            slow.take(3);
            slow.link.drip(
                    concat(LinkCodec.frame(new Ack(1)), LinkCodec.frame(new Ack(2)), LinkCodec.frame(new Ack(3))));
            slow.introduce();
        }
    }

    // ---- frames that have no place

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10", // Open twice
                "11", // Opened, which servers send
                "12", // Resume in a session
                "14", // Answer in a session
                "03", // Pong
                "05", // Close
                "07", // unknown, and not to be skipped
                "3f"
            })
    void aFrameThatHasNoPlaceEndsTheSession(String type) {
        try (Client bad = new Client(it).introduce()) {
            bad.send(Frame.of(Arrays.copyOf(hex(type), 80)));
            bad.expectClose(CloseCode.VIOLATION);
            it.firehose().expectFailure(bad.id, Reason.PROTOCOL_VIOLATION);
        }
        servesAnotherClient();
    }

    // ---- clients that never acknowledge

    @Test
    void aClientThatNeverAcknowledgesFailsAtItsBoundAlone() {
        try (Client honest = new Client(it).introduce();
                Client bad = new Client(it).introduce()) {
            for (int i = 0; i < CAPACITY; i++) {
                it.firehose().send(bad.id, utf8("down"));
                it.firehose().send(honest.id, utf8("down"));
            }
            for (int i = 0; i < CAPACITY; ) {
                i += honest.next() instanceof Data ? 1 : 0;
            }
            honest.send(new Ack(CAPACITY));
            honest.introduce(); // so that the Ack has been heard
            assertThat(it.server().count(Metric.ended(Reason.BUFFER_OVERFLOW))).isZero();
            it.firehose().send(bad.id, utf8("one more"));
            it.firehose().send(honest.id, utf8("one more"));
            bad.expectClose(CloseCode.OVERFLOW);
            it.firehose().expectFailure(bad.id, Reason.BUFFER_OVERFLOW);
            LinkFrame last = honest.next();
            assertThat(last instanceof Ack ? honest.next() : last).isEqualTo(new Data(utf8("one more")));
        }
        assertThat(it.server().count(Metric.ended(Reason.BUFFER_OVERFLOW))).isOne();
    }

    @Test
    void theBoundHoldsOverAllResumes() {
        try (Client bad = new Client(it).introduce()) {
            bad.take(CAPACITY / 2);
            bad.resume(0, 1);
            for (int i = 0; i < CAPACITY / 2; ) { // Resumed, an Ack, and all of it again
                i += bad.next() instanceof Data ? 1 : 0;
            }
            bad.take(CAPACITY / 2);
            it.firehose().send(bad.id, utf8("one more"));
            bad.expectClose(CloseCode.OVERFLOW);
        }
    }

    @Test
    void operatorsSeeWhatIsKeptForClientsWhetherTheyAreThereOrAway() {
        try (Client lazy = new Client(it).introduce()) {
            lazy.take(3);
            assertThat(it.server().read(Gauge.KEPT_BYTES)).isPositive();
            lazy.link.close();
            await().until(() -> it.server().count(Metric.LINKS_LOST) == 1);
            it.firehose().send(lazy.id, utf8("away"));
            await().until(() -> it.server().count(Metric.MISSED_KEPT) == 1);
            assertThat(it.server().read(Gauge.KEPT_BYTES)).isPositive();
            lazy.resume(4, 2);
            await().untilAsserted(
                            () -> assertThat(it.server().read(Gauge.KEPT_BYTES)).isZero());
        }
    }

    // ---- histories that do not fit

    @ParameterizedTest
    @ValueSource(strings = {"4 1", "9007199254740991 1", "1 1", "2 0", "2 3", "2 9007199254740991"})
    void countsThatDoNotFitAreAGap(String counts) {
        try (Client bad = new Client(it).introduce()) {
            bad.take(3);
            bad.send(new Ack(2)); // so `received` may be 2 or 3
            bad.introduce(); // so `kept` may be 1 to 3
            List<Long> numbers =
                    Arrays.stream(counts.split(" ")).map(Long::parseLong).toList();
            bad.resume(numbers.get(0), numbers.get(1) == 3 ? 4 : numbers.get(1));
            bad.expectClose(CloseCode.GAP);
            it.firehose().expectFailure(bad.id, Reason.GAP);
        }
        servesAnotherClient();
    }

    // ---- resumes

    /** Each attempt gets a challenge, as for a session that exists, and Close. */
    @Test
    void tenThousandAttemptsWithUnknownIdsCostNoEllipticCurve() throws Exception {
        long keysBefore = keys();
        int attempts = 10_000;
        for (int i = 0; i < attempts; i++) {
            byte[] answers = attempt(1 + (RANDOM.nextLong() & Limits.MAX_COUNT - 1));
            assertThat(answers).hasSize(37 + 4 + 9);
            assertThat(answers[4]).isEqualTo((byte) 0x13);
            assertThat(Arrays.copyOfRange(answers, 41, 44)).isEqualTo(new byte[] {5, 2, 0});
        }
        assertThat(keys()).as("session keys computed").isEqualTo(keysBefore);
        assertThat(it.server().count(Metric.REJECTED_NO_SESSION)).isEqualTo(attempts);
        assertThat(it.server().count(Metric.REJECTED_PROOF))
                .as("failed resumes")
                .isZero();
        servesAnotherClient();
    }

    private long keys() {
        return it.server().count(Metric.SESSION_KEYS_AHEAD) + it.server().count(Metric.SESSION_KEYS_AT_RESUME);
    }

    /** Sends a whole attempt at once, with an answer that is a guess, and reads all that comes. */
    private byte[] attempt(long id) throws IOException {
        byte[] nonce = new byte[32];
        RANDOM.nextBytes(nonce);
        try (Socket link = new Socket(it.address().getAddress(), it.address().getPort())) {
            link.setSoTimeout(10_000);
            link.getOutputStream()
                    .write(concat(
                            VERSION,
                            LinkCodec.frame(new Resume(id, 0, 1, nonce, 0)),
                            LinkCodec.frame(new Answer(nonce))));
            return link.getInputStream().readAllBytes();
        }
    }
}
