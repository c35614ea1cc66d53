package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.firehose3.Ack;
import net.voltlane.protocol.firehose3.Data;
import net.voltlane.protocol.firehose3.Ended;
import net.voltlane.protocol.firehose3.Kick;
import net.voltlane.protocol.firehose3.Ping;
import net.voltlane.protocol.firehose3.Pong;
import net.voltlane.protocol.firehose3.Position;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort.Detach;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;

/** The master's packets, the server's acknowledgements of them, and signs of life. */
final class Firehose3ReadingTest extends Firehose3Case {
    private static final Duration LATE = Duration.ofMillis(50);

    private static byte[] down(long id, int length) {
        return frame(id, new Data(new byte[length]));
    }

    // ---- acknowledgements

    @Test
    void whatCameIsAcknowledgedWithinFiftyMilliseconds() {
        FakeChannel master = connect();
        says(master, down(7, 3), down(8, 3));
        passes(LATE.minusMillis(1));
        assertThat(heard(master)).isEmpty();
        passes(Duration.ofMillis(1));
        assertThat(heard(master)).containsExactly(link(new Ack(2)));
        passes(Duration.ofSeconds(1));
        assertThat(heard(master)).as("once").isEmpty();
        says(master, down(7, 3));
        passes(LATE);
        assertThat(heard(master)).containsExactly(link(new Ack(3)));
    }

    @Test
    void whatCameTogetherWithAPingIsAcknowledgedInTimeToo() {
        FakeChannel master = connect();
        says(master, down(7, 3), frame(0, new Ping(new byte[] {5})));
        assertThat(heard(master)).containsExactly(link(new Pong(new byte[] {5})));
        passes(LATE);
        assertThat(heard(master)).containsExactly(link(new Ack(1)));
    }

    @Test
    void whatCameIsAcknowledgedAfterSixtyFourPackets() {
        FakeChannel master = connect();
        for (int i = 1; i < Receipts.PACKETS; i++) {
            says(master, down(7, 0));
        }
        assertThat(heard(master)).isEmpty();
        says(master, down(7, 0));
        assertThat(heard(master)).containsExactly(link(new Ack(64)));
    }

    @Test
    void whatCameIsAcknowledgedAfterSixtyFourKibibytes() {
        FakeChannel master = connect();
        says(master, down(7, 64 * 1024 - 2 * Tag.FRAME_HEADER_BYTES - 1));
        assertThat(heard(master)).isEmpty();
        says(master, down(7, 1));
        assertThat(heard(master)).containsExactly(link(new Ack(2)));
    }

    @Test
    void whatCameIsAcknowledgedAlongWithData() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        heard(master);
        says(master, down(7, 3));
        begins(session, 1, 5);
        assertThat(heard(master)).containsExactly(link(new Ack(1)), data(7, 1, 5));
        passes(Duration.ofSeconds(1));
        assertThat(heard(master)).isEmpty();
    }

    @Test
    void anAckThatWentAlongWithDataIsNotLate() {
        FakeChannel master = connect();
        says(master, down(7, 3));
        opens(7);
        assertThat(heard(master)).startsWith(link(new Ack(1)));
        passes(LATE);
        says(master, down(7, 3));
        assertThat(heard(master)).as("as if it had waited").isEmpty();
        passes(LATE);
        assertThat(heard(master)).containsExactly(link(new Ack(2)));
    }

    @Test
    void ofAckAndPongOnlyTheNewestWaitsForTheSocket() {
        FakeChannel master = connect().takes(0);
        opens(7);
        for (int i = 0; i < 1000; i++) {
            says(master, down(7, 0), frame(0, new Ping(new byte[] {(byte) i})));
        }
        master.takesAll();
        harness.loop.run();
        assertThat(heard(master))
                .containsExactly(opened(7), link(new Pong(new byte[] {(byte) 999})), link(new Ack(1000)));
    }

    @Test
    void everyPacketOfASessionIsCountedWhateverItsFlag() {
        FakeChannel master = connect();
        says(
                master,
                frame(7, new Kick("")),
                frame(7, new Position(3)),
                HexFormat.of().parseHex("09000000" + "0700000000000000" + "7f"),
                HexFormat.of().parseHex("09000000" + "0700000000000000" + "04"),
                HexFormat.of().parseHex("08000000" + "0700000000000000"),
                HexFormat.of().parseHex("09000000" + "0000000000000000" + "00"),
                HexFormat.of().parseHex("09000000" + "0000000000000000" + "7f"),
                HexFormat.of().parseHex("09000000" + "0700000000000000" + "13"));
        passes(LATE);
        assertThat(heard(master)).containsExactly(link(new Ack(5)));
        assertThat(harness.count(Metric.MASTER_PACKET_UNKNOWN_FLAG)).isEqualTo(2);
        assertThat(harness.count(Metric.MASTER_PACKET_SHORT)).isEqualTo(1);
        assertThat(harness.count(Metric.MASTER_PACKET_IGNORED)).isEqualTo(3);
        assertThat(master.isOpen()).isTrue();
    }

    @Test
    void shortPacketsAreSkippedAndCounted() {
        FakeChannel master = connect();
        says(
                master,
                HexFormat.of().parseHex("10000000" + "0000000000000000" + "12" + "00000000000000"), // an Ack
                HexFormat.of().parseHex("0b000000" + "0700000000000000" + "02" + "0500"), // a Kick
                HexFormat.of().parseHex("10000000" + "0700000000000000" + "07" + "00000000000000"), // a Position
                frame(7, new Position(Limits.MAX_COUNT)));
        assertThat(harness.count(Metric.MASTER_PACKET_SHORT)).isEqualTo(3);
        assertThat(master.isOpen()).isTrue();
        says(master, frame(0, new Ping(new byte[16])));
        assertThat(heard(master)).containsExactly(link(new Pong(new byte[16])));
        says(master, HexFormat.of().parseHex("1a000000" + "0000000000000000" + "13" + "00".repeat(17)));
        assertThat(heard(master)).isEmpty();
        assertThat(harness.count(Metric.MASTER_PACKET_IGNORED)).isEqualTo(1);
    }

    // ---- what it means

    @Test
    void dataIsDeliveredHoweverItIsSplit() {
        FakeChannel master = connect();
        UplinkHarness.Link link = harness.openSilent();
        byte[] all = Bytes.concat(down(link.id, 3), down(link.id, 0), down(link.id, 5000));
        for (byte one : all) {
            master.receives(new byte[] {one});
        }
        harness.loop.run();
        assertThat(link.delivered().stream().map(bytes -> bytes.length)).containsExactly(3, 0, 5000);
    }

    @Test
    void aKickEndsTheSessionInItsWords() {
        FakeChannel master = connect();
        UplinkHarness.Link link = harness.openSilent();
        harness.loop.run();
        heard(master);
        says(master, frame(link.id, new Kick("bye")));
        assertThat(link.detached).containsExactly(Detach.DELIVER);
        harness.sessions.detached(link, List.of());
        harness.loop.run();
        assertThat(heard(master)).contains(packet(link.id, new Ended(1, 0, 0, "bye")));
    }

    @Test
    void dataForNoSessionIsDroppedAndCountedNotAnswered() {
        FakeChannel master = connect();
        says(master, down(77, 3));
        assertThat(harness.count(Metric.NOT_FOUND_DROPPED)).isEqualTo(1);
        passes(LATE);
        assertThat(heard(master)).containsExactly(link(new Ack(1)));
    }

    @Test
    void aPacketThatALostLinkBroughtInPartIsNotCounted() {
        FakeChannel master = connect();
        byte[] packet = down(7, 100);
        says(master, down(7, 1), Arrays.copyOf(packet, packet.length - 1));
        FakeChannel second = redial(master);
        assertThat(heard(second)).containsExactly(hello(ONE, 1));
    }

    @Test
    void atEveryCutTheServerHasCountedTheWholePacketsThatCame() {
        byte[][] frames = {
            down(7, 3), frame(7, new Kick("bye")), frame(0, new Ping(new byte[5])), down(8, 0), down(9, 40)
        };
        byte[] all = Bytes.concat(frames);
        int end = 0;
        long received = 0;
        for (int cut = 0, next = 0; cut <= all.length; cut++) {
            if (next < frames.length && cut == end + frames[next].length) {
                end = cut;
                received += next == 2 ? 0 : 1; // a Ping has no number
                next++;
            }
            use(UplinkHarness.SETTINGS, OPEN);
            FakeChannel master = connect();
            says(master, Arrays.copyOf(all, cut));
            FakeChannel second = redial(master);
            assertThat(heard(second)).as("cut after %d bytes", cut).containsExactly(hello(ONE, received));
            says(second, welcome(ONE, 0), Arrays.copyOfRange(all, end, all.length));
            heard(second);
            assertThat(heard(redial(second))).containsExactly(hello(ONE, 4));
        }
    }

    @Test
    void readingGoesOnWhileNothingCanBeSent() {
        FakeChannel master = connect().takes(0);
        UplinkHarness.Link link = harness.openSilent();
        for (int i = 0; i < 500; i++) {
            says(master, down(link.id, 100));
        }
        assertThat(link.delivered()).hasSize(500);
    }

    // ---- signs of life

    @Test
    void aPingIsSentAfterFiveSecondsWithoutSending() {
        FakeChannel master = connect();
        passes(Duration.ofMillis(4_800));
        assertThat(heard(master)).isEmpty();
        passes(Duration.ofMillis(400));
        assertThat(heard(master)).containsExactly(link(new Ping(new byte[0])));
        opens(7);
        heard(master);
        passes(Duration.ofMillis(4_800));
        assertThat(heard(master)).as("something was sent").isEmpty();
        says(master, frame(0, new Pong(new byte[0])));
        passes(Duration.ofMillis(400));
        assertThat(heard(master)).containsExactly(link(new Ping(new byte[0])));
    }

    @Test
    void aPingIsSentWhileTheServerDoesNotRead() {
        FakeChannel master = connect();
        harness.clientLoopFallsBehind();
        says(master, down(7, 1));
        passes(Duration.ofMillis(5_200));
        assertThat(heard(master)).contains(link(new Ping(new byte[0])));
        harness.clientLoopCatchesUp();
    }

    @Test
    void aLinkOnWhichNothingComesForFifteenSecondsIsLost() {
        FakeChannel master = connect();
        passes(Duration.ofMillis(14_800));
        assertThat(master.isOpen()).isTrue();
        says(master, frame(0, new Pong(new byte[0])));
        passes(Duration.ofMillis(14_800));
        assertThat(master.isOpen()).isTrue();
        passes(Duration.ofMillis(400));
        assertThat(master.isOpen()).isFalse();
        assertThat(harness.count(Metric.MASTER_PEER_SILENT)).isEqualTo(1);
        assertThat(harness.count(Metric.MASTER_LOST)).isEqualTo(1);
        assertThat(harness.log.lines()).anySatisfy(line -> assertThat(line).contains("sent nothing for 15 s"));
    }

    @Test
    void timeInWhichTheServerDoesNotReadIsNobodysSilence() {
        FakeChannel master = connect();
        passes(Duration.ofSeconds(10));
        harness.clientLoopFallsBehind();
        harness.uplink.block(); // that it waits for a client is the server's own doing
        passes(Duration.ofMinutes(1));
        assertThat(master.isOpen()).isTrue();
        harness.uplink.unblock();
        harness.clientLoopCatchesUp();
        passes(Duration.ofMillis(4_500));
        assertThat(master.isOpen()).isTrue();
        passes(Duration.ofSeconds(1));
        assertThat(master.isOpen()).isFalse();
    }

    // ---- the end

    @Test
    void anOrderlyStopWaitsForTheLastAck() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        ends(session, net.voltlane.protocol.Reason.SERVER_STOPPING);
        says(master, down(7, 3));
        boolean[] done = new boolean[1];
        harness.uplink.finish(() -> done[0] = true);
        harness.loop.run();
        assertThat(heard(master))
                .as("with all that was received")
                .containsExactly(
                        opened(7), ended(7, net.voltlane.protocol.Reason.SERVER_STOPPING, 0, 0), link(new Ack(1)));
        says(master, down(7, 3), ack(1));
        assertThat(master.isOutputShutdown()).isFalse();
        says(master, ack(2));
        assertThat(master.isOutputShutdown()).isTrue();
        assertThat(heard(master)).as("the last word").containsExactly(link(new Ack(2)));
        assertThat(done[0]).isFalse();
        master.finished();
        harness.loop.run();
        assertThat(done[0]).isTrue();
    }

    @Test
    void theBeginningOfAPacketBehindTheLastAckIsNotKept() {
        FakeChannel master = connect();
        FakeSubject session = opens(7);
        ends(session, net.voltlane.protocol.Reason.SERVER_STOPPING);
        harness.uplink.finish(() -> {});
        harness.loop.run();
        says(master, Bytes.concat(ack(2), Arrays.copyOf(down(7, 3), 9)));
        assertThat(master.isOutputShutdown()).isTrue();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void aMasterThatHasNotAnsweredWhenTheStopIsDoneIsMissedByNobody() {
        FakeChannel master = harness.connect();
        harness.uplink.finish(() -> {});
        passes(Duration.ofSeconds(11));
        assertThat(master.isOpen()).isFalse();
        assertThat(harness.count(Metric.MASTER_DIALS_UNANSWERED)).isZero();
    }

    @Test
    void aStopWithNothingKeptIsDoneAtOnce() {
        FakeChannel master = connect();
        harness.uplink.finish(() -> {});
        harness.loop.run();
        assertThat(master.isOutputShutdown()).isTrue();
    }
}
