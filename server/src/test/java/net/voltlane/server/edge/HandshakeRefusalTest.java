package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeClient.VERSION;
import static net.voltlane.server.edge.EdgeClient.frames;
import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.voltlane.proof.KeyPair;
import net.voltlane.protocol.Challenge;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HandshakeRefusalTest extends HandshakeCase {
    static Stream<byte[]> oversized() {
        return Stream.of(
                hex("01040000"), hex("FFFFFF7F"), hex("00000080"), hex("FFFFFFFF"), utf8("GET / HTTP/1.1\r\n"));
    }

    @ParameterizedTest
    @MethodSource("oversized")
    void aFrameOverTheLimitIsRefusedByItsLengthAlone(byte[] prefix) {
        EdgeClient first = harness.connect();
        first.send(prefix);
        assertThat(first.isClosed()).isTrue();
        assertThat(first.rest()).isEmpty();
        EdgeClient second = harness.connect();
        second.send(concat(frames(VERSION), prefix));
        assertThat(second.isClosed()).isTrue();
        assertThat(harness.count(Metric.REJECTED_FRAME_TOO_LARGE)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "02 FD 00 00 00 00 00 00 00 40", // a key of 2^62 bytes
                "02 FD FF FF FF FF FF FF FF FF",
                "02 FC FF FF FF FF",
                "02 22 02 03", // longer than what is left
                "02", // without a length
                "FE", // no number begins so
                "FF",
                "FD 02 00 00 00 00 00 00 00", // too wide for a variant
                "06", // no such variant
                "01", // cut off
                "01 FB 02",
                "01 FD 02 00 00 00 00 00 00 00", // too wide for a version
                "" // not even a variant
            })
    void whatCanNotBeReadClosesTheLinkAlone(String payload) {
        EdgeClient other = harness.open();
        EdgeClient first = harness.connect();
        first.send(Frame.of(hex(payload)));
        assertThat(first.isClosed()).isTrue();
        EdgeClient second = harness.connect();
        second.send(concat(frames(VERSION), Frame.of(hex(payload)), Frame.of(utf8("ahead"))));
        assertThat(second.isClosed()).isTrue();
        assertThat(harness.count(Metric.REJECTED_MALFORMED)).isEqualTo(2);
        other.send(Frame.of(utf8("still here")));
        assertThat(harness.master.dataOf(other.id)).containsExactly(utf8("still here"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void versionsBefore2AreNotSpoken(int version) {
        EdgeClient client = harness.connect();
        client.send(new ProtocolVersion(version), new PubKey(client.keys.publicKey()));
        assertThat(client.isClosed()).isTrue();
        assertThat(client.rest()).isEmpty();
        assertThat(harness.count(Metric.REJECTED_VERSION)).isOne();
    }

    @Test
    void packetsThatHaveNoPlaceInAState() {
        PubKey key = new PubKey(KeyPair.generate(EdgeHarness.RANDOM).publicKey());
        List<HandshakePacket> all = List.of(
                new Ping(),
                VERSION,
                key,
                new ClientId(7),
                new Challenge(new byte[72]),
                new ChallengeResponse(new byte[72]));
        int refused = 0;
        for (HandshakePacket packet : all) {
            if (!packet.equals(VERSION)) {
                refused += refuses(harness.connect(), packet);
            }
            if (!packet.equals(key) && !(packet instanceof ClientId)) {
                EdgeClient inIdentity = harness.connect();
                inIdentity.send(VERSION);
                refused += refuses(inIdentity, packet);
            }
            EdgeClient owner = harness.open();
            if (!(packet instanceof ChallengeResponse)) {
                EdgeClient inAnswer = owner.again();
                inAnswer.challenge();
                refused += refuses(inAnswer, packet);
            }
            if (!packet.equals(new Ping())) {
                EdgeClient inPing = owner.again();
                inPing.send(new ChallengeResponse(inPing.answerTo(inPing.challenge())));
                refused += refuses(inPing, packet);
            }
            assertThat(owner.channel.isOpen()).as("the session's own link").isTrue();
        }
        assertThat(refused).isEqualTo(5 + 4 + 5 + 5);
        assertThat(harness.count(Metric.REJECTED_UNEXPECTED)).isEqualTo(refused);
        assertThat(harness.master.received()).isEmpty();
    }

    private static int refuses(EdgeClient client, HandshakePacket packet) {
        client.rest();
        client.send(packet);
        assertThat(client.isClosed()).as("closed upon %s", packet).isTrue();
        assertThat(client.rest()).isEmpty();
        return 1;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00", // infinity
                "02",
                "05 79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798", // no such form
                "02 0000000000000000000000000000000000000000000000000000000000000005", // not on the curve
                "02 FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC30", // 1, over the field
                "02 79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798 00" // a byte too long
            })
    void whatIsNoPointIsRefused(String key) {
        EdgeClient client = harness.connect();
        client.send(VERSION, new PubKey(hex(key)));
        client.expect(PubKey.class);
        assertThat(client.isClosed()).isTrue();
        assertThat(client.rest()).isEmpty();
        assertThat(harness.count(Metric.REJECTED_KEY)).isOne();
        assertThat(harness.sessions.size()).isZero();
    }

    @Test
    void randomBytesNeitherOpenNorBreakAnything() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int round = 0; round < 300; round++) {
                EdgeClient client = harness.connect();
                byte[] rubbish = new byte[random.nextInt(1, 2000)];
                random.nextBytes(rubbish);
                boolean framed = random.nextBoolean(); // else most are refused by their length
                byte[] all = framed ? Frame.of(Arrays.copyOf(rubbish, Math.min(1024, rubbish.length))) : rubbish;
                client.send(random.nextBoolean() ? concat(frames(VERSION), all) : all);
                client.channel.finished();
                harness.run();
                assertThat(client.channel.isOpen()).isFalse();
            }
            assertThat(harness.sessions.size()).isZero();
        });
    }

    @Test
    void faultsAreWarnedOfAtABoundedRateAndWithoutAStackTrace() {
        for (int i = 0; i < 100; i++) {
            harness.connect().send(hex("FFFFFFFF"));
        }
        assertThat(harness.log.lines())
                .containsExactly(
                        "WARN Rejected 1 client: handshake frame too large, or another protocol such as HTTP or TLS"
                                + " (last: 192.0.2.1)");
        harness.advance(Duration.ofSeconds(10));
        harness.connect().send(hex("FFFFFFFF"));
        assertThat(harness.log.lines()).hasSize(2).last().asString().startsWith("WARN Rejected 100 clients: ");
    }

    @Test
    void aClosedHandshakeReadsNothingMore() {
        EdgeClient client = harness.connect();
        client.send(concat(frames(VERSION, new Ping()), frames(VERSION, new PubKey(client.keys.publicKey()))));
        client.expect(PubKey.class);
        client.send(frames(VERSION));
        assertThat(client.rest()).isEmpty();
        assertThat(harness.sessions.size()).isZero();
    }

    @Test
    void aLinkOnWhichSomethingWasSentWaitsForThePeersFin() {
        EdgeClient client = harness.connect();
        client.send(concat(frames(VERSION, new Ping()), new byte[2000]));
        client.expect(PubKey.class);
        assertThat(client.channel.isOutputShutdown()).isTrue();
        assertThat(client.channel.isOpen()).isTrue();
        assertThat(client.channel.unreadBytes())
                .as("read and dropped: else the close would be a reset")
                .isZero();
        client.channel.finished();
        harness.run();
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(harness.count(Metric.LINKS_RESET)).isZero();
    }

    @Test
    void andIsResetWhenThatDoesNotCome() {
        EdgeClient client = harness.connect();
        client.send(VERSION, new Ping());
        harness.advance(Duration.ofSeconds(5));
        assertThat(client.channel.wasReset()).isTrue();
        assertThat(harness.count(Metric.LINKS_RESET)).isOne();
    }

    @Test
    void aLinkOnWhichNothingWasSentClosesAtOnce() {
        EdgeClient client = harness.connect();
        client.send(new Ping());
        assertThat(client.channel.isOpen()).isFalse();
    }
}
