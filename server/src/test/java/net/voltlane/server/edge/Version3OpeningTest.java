package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeClient3.VERSION;
import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.voltlane.proof.X25519KeyPair;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.Answer;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.Leave;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Open;
import net.voltlane.protocol.link3.Opened;
import net.voltlane.protocol.link3.Parameters;
import net.voltlane.protocol.link3.Ping;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.MasterPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first half of version 3's handshake: a client opens a session. */
final class Version3OpeningTest extends HandshakeCase {
    @Test
    void openedTellsTheServersKeyTheIdAndTheTerms() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(VERSION);
        assertThat(client.rest()).as("the first frame has no answer").isEmpty();
        client.send(client.openFrame());
        Opened opened = client.expect(Opened.class);
        assertThat(opened.serverKey())
                .isEqualTo(
                        X25519KeyPair.ofServerSecret(harness.serverKey.secret()).publicKey());
        assertThat(opened.id()).isBetween(1L, Limits.MAX_COUNT);
        assertThat(opened.parameters()).isEqualTo(new Parameters(20, EdgeHarness.MAX_FRAME_BYTES, 300));
        assertThat(harness.count(Metric.SESSIONS_OPENED)).isOne();
    }

    @ParameterizedTest
    @CsvSource({"0, 20", "1, 5", "5, 5", "6, 6", "300, 300", "301, 300", "65535, 300"})
    void aWishIsAnsweredWithTheNearestHeartbeat(int wish, int heartbeat) {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(VERSION, LinkCodec.frame(new Open(client.keys.publicKey(), wish, new byte[0])));
        assertThat(client.adopt().heartbeatSecs).isEqualTo(heartbeat);
    }

    @Test
    void nothingIsComputedBeforeASessionIsOpen() {
        harness.computations.hold(10);
        EdgeClient3 client = EdgeClient3.open(harness);
        assertThat(harness.computations.waiting()).as("its key, ahead of time").isOne();
        client.send(new Data(utf8("live")));
        assertThat(harness.master.dataOf(client.id)).containsExactly(utf8("live"));
        harness.computations.runAll();
    }

    @Test
    void dataMayFollowInTheSameSegmentSplitAtEveryByte() {
        EdgeClient3 probe = EdgeClient3.connect(harness);
        int length = first(probe).length;
        for (int at = 0; at <= length; at++) {
            EdgeClient3 client = EdgeClient3.connect(harness);
            byte[] all = first(client);
            client.send(Arrays.copyOf(all, at));
            client.send(Arrays.copyOfRange(all, at, length));
            client.adopt();
            assertThat(harness.master.dataOf(client.id))
                    .as("split at %d", at)
                    .containsExactly(utf8("early"), new byte[0], utf8("and late"));
        }
    }

    private static byte[] first(EdgeClient3 client) {
        return concat(
                VERSION,
                LinkCodec.frame(client.openFrame()),
                LinkCodec.frame(new Data(utf8("early"))),
                LinkCodec.frame(new Data(new byte[0])),
                LinkCodec.frame(new Data(utf8("and late"))));
    }

    @Test
    void aByteAtATimeIsEnough() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        for (byte one : first(client)) {
            client.send(new byte[] {one});
        }
        client.adopt();
        assertThat(harness.master.dataOf(client.id)).hasSize(3);
    }

    @Test
    void aClientThatSendsAllAtOnceAndLeavesIsHeard() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.channel.receives(concat(first(client), LinkCodec.frame(new Leave())));
        client.channel.finished();
        harness.run();
        assertThat(harness.master.received()).hasSize(4);
        assertThat(harness.count(Metric.ended(Reason.CLIENT_LEFT))).isOne();
        assertThat(harness.sessions.size()).isZero();
    }

    // ---- credentials

    @Test
    void credentialsReachTheMastersSide() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        byte[] credentials = new byte[Limits.MAX_CREDENTIALS_BYTES];
        Arrays.fill(credentials, (byte) 7);
        client.send(VERSION, LinkCodec.frame(new Open(client.keys.publicKey(), 0, credentials)));
        client.adopt();
        assertThat(subject().credentials()).isEqualTo(credentials);
        assertThat(harness.budget.heldBytes())
                .as("held for as long as the session")
                .isEqualTo(credentials.length);
        client.send(new Leave());
        assertThat(harness.budget.heldBytes()).isZero();
        EdgeClient3.open(harness);
        assertThat(subject().credentials()).isNull();
    }

    private MasterPort.Subject subject() {
        MasterPort.Subject subject = harness.master.opened;
        assertThat(subject).isNotNull();
        return subject;
    }

    @Test
    void credentialsThatAreTooLongAreAViolation() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        byte[] open = LinkCodec.encode(new Open(client.keys.publicKey(), 0, new byte[4096]));
        byte[] longer = concat(open, new byte[1]);
        longer[35] = 1; // the length 4097, little-endian
        client.send(VERSION, Frame.of(longer));
        client.expectClose(CloseCode.VIOLATION);
        assertThat(harness.count(Metric.REJECTED_MALFORMED)).isOne();
    }

    // ---- other frames

    @Test
    void bytesBehindTheKnownFieldsAreIgnored() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(VERSION, Frame.of(concat(LinkCodec.encode(client.openFrame()), utf8("of version 3.1"))));
        client.adopt();
    }

    @Test
    void everyTypeThatHasNoPlaceInTheBeginningIsAViolationOrSkipped() {
        for (int type = 0; type <= 0xFF; type++) {
            byte[] frame = new byte[80];
            frame[0] = (byte) type;
            if (type == 0x10 || type == 0x12) {
                continue;
            }
            EdgeClient3 client = EdgeClient3.connect(harness);
            client.send(VERSION, Frame.of(frame), LinkCodec.frame(client.openFrame()));
            if (type >= 0x40) {
                client.adopt();
            } else {
                client.expectClose(CloseCode.VIOLATION);
            }
        }
    }

    @Test
    void aSkippedFrameMayBeLargeButNoLarger() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        byte[] later = new byte[Limits.MAX_CONTROL_FRAME_BYTES];
        later[0] = 0x40;
        client.send(VERSION, Frame.of(later), LinkCodec.frame(client.openFrame()));
        client.adopt();
        EdgeClient3 greedy = EdgeClient3.connect(harness);
        greedy.send(VERSION, Frame.of(concat(later, new byte[1])));
        greedy.expectClose(CloseCode.FRAME_TOO_LARGE);
        assertThat(harness.count(Metric.REJECTED_FRAME_TOO_LARGE)).isOne();
    }

    @Test
    void anEmptyFrameIsAViolation() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(VERSION, Frame.of(new byte[0]));
        client.expectClose(CloseCode.VIOLATION);
    }

    @Test
    void anOpenThatIsCutShortIsAViolation() {
        EdgeClient3 probe = EdgeClient3.connect(harness);
        byte[] open = LinkCodec.encode(probe.openFrame());
        for (int length = 1; length < open.length; length++) {
            EdgeClient3 client = EdgeClient3.connect(harness);
            client.send(VERSION, Frame.of(Arrays.copyOf(open, length)));
            client.expectClose(CloseCode.VIOLATION);
        }
    }

    @Test
    void openSentTwiceEndsTheSession() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(client.openFrame(), new Data(utf8("behind")));
        client.expectClose(CloseCode.VIOLATION);
        assertThat(harness.count(Metric.ended(Reason.PROTOCOL_VIOLATION))).isOne();
        assertThat(harness.master.received()).as("nothing behind it counts").isEmpty();
    }

    @Test
    void framesOfTheHandshakeEndALiveSession() {
        LinkFrame[] frames = {
            new Answer(new byte[32]),
            new Opened(new byte[32], 1, new Parameters(1, 1, 1)),
            EdgeClient3.open(harness).resumeFrame(0, 1)
        };
        for (LinkFrame frame : frames) {
            EdgeClient3 client = EdgeClient3.open(harness);
            client.send(frame);
            client.expectClose(CloseCode.VIOLATION);
        }
    }

    @Test
    void aFrameOfALaterVersionIsSkippedOnALiveLink() {
        EdgeClient3 client = EdgeClient3.open(harness);
        for (int type = 0x40; type <= 0xFF; type++) {
            client.send(Frame.of(new byte[] {(byte) type, 1, 2, 3}));
        }
        client.send(new Ping(utf8("alive")));
        assertThat(client.next()).isNotNull();
        assertThat(client.isClosed()).isFalse();
    }

    // ---- versions

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void olderVersionsThanAnyAreClosedWithoutAWord(int version) {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(Frame.of(new byte[] {1, (byte) version}));
        client.expectBareClose();
        assertThat(harness.count(Metric.REJECTED_VERSION)).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"01 04", "01 05", "01 FC FF FF FF FF"})
    void laterVersionsAreTold(String first) {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(Frame.of(net.voltlane.testkit.Bytes.hex(first)));
        client.expectClose(CloseCode.VERSION);
        assertThat(harness.count(Metric.REJECTED_VERSION)).isOne();
    }

    private void serve(boolean version2, boolean version3) {
        EdgeSettings all = EdgeHarness.SETTINGS;
        harness.close();
        harness = new EdgeHarness(new EdgeSettings(
                all.maxFrameBytes(),
                all.handshakeTimeoutNanos(),
                all.channel(),
                false,
                all.peerTimeoutNanos(),
                TrustedProxies.NONE,
                new ServedVersions(
                        version2,
                        version3,
                        all.versions().heartbeats(),
                        300,
                        all.versions().unacknowledged())));
    }

    @Test
    void version3MayBeLeftOut() {
        serve(true, false);
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(VERSION, LinkCodec.frame(client.openFrame()));
        client.expectClose(CloseCode.VERSION);
        harness.open();
    }

    @Test
    void version2MayBeLeftOut() {
        serve(false, true);
        EdgeClient client = harness.connect();
        client.send(EdgeClient.VERSION);
        assertThat(client.isClosed()).isTrue();
        assertThat(client.rest()).as("it knows no Close").isEmpty();
        EdgeClient3.open(harness);
    }

    @Test
    void anAckBeforeOpenIsAViolation() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(VERSION, LinkCodec.frame(new Ack(0)));
        client.expectClose(CloseCode.VIOLATION);
    }
}
