package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.payload;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.Answer;
import net.voltlane.protocol.link3.Challenge;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.Leave;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Ping;
import net.voltlane.protocol.link3.Pong;
import net.voltlane.protocol.link3.Resume;
import net.voltlane.protocol.link3.Resumed;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;

/** Data and acknowledgements on links of version 3, in both directions. */
final class Version3DataTest extends Version3Case {
    private static final byte[] OVER_LIMIT = payload(1, EdgeHarness.MAX_FRAME_BYTES + 1);

    // ---- up

    @Test
    void dataIsForwardedWithoutItsType() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(new Data(payload(1, 10)), new Data(new byte[0]), new Data(payload(2, 5_000)));
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 10), new byte[0], payload(2, 5_000));
    }

    @Test
    void dataMayFollowOpenInTheSameSegment() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(
                EdgeClient3.VERSION, LinkCodec.frame(client.openFrame()), LinkCodec.frame(new Data(payload(1, 10))));
        client.adopt();
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 10));
        harness.advance(Duration.ofSeconds(1));
        assertThat(acks(client)).containsExactly(1L);
    }

    @Test
    void everySplitOfTheInputIsUnderstood() {
        byte[] all = Bytes.concat(
                LinkCodec.frame(new Data(payload(1, 7))),
                LinkCodec.frame(new Ack(1)),
                LinkCodec.frame(new Data(new byte[0])),
                LinkCodec.frame(new Ping(payload(2, 4))),
                LinkCodec.frame(new Data(payload(3, 9))));
        for (int cut = 0; cut <= all.length; cut++) {
            EdgeClient3 client = EdgeClient3.open(harness);
            master(client, 1, 1);
            client.send(Arrays.copyOfRange(all, 0, cut));
            client.send(Arrays.copyOfRange(all, cut, all.length));
            assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 7), new byte[0], payload(3, 9));
            assertThat(all(client)).hasAtLeastOneElementOfType(Pong.class);
        }
    }

    @Test
    void theLargestPayloadDoesNotCountItsType() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(new Data(payload(1, EdgeHarness.MAX_FRAME_BYTES)));
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, EdgeHarness.MAX_FRAME_BYTES));
        client.send(new Data(OVER_LIMIT));
        isEnded(client, Reason.FRAME_TOO_LARGE);
    }

    @Test
    void framesWithoutDataMayHave8KiB() {
        EdgeClient3 client = EdgeClient3.open(harness);
        byte[] later = new byte[8 * 1024];
        later[0] = 0x40;
        client.send(Frame.of(later));
        byte[] longAck = Arrays.copyOf(LinkCodec.encode(new Ack(0)), 8 * 1024);
        client.send(Frame.of(longAck));
        client.send(new Data(payload(1, 10)));
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 10));
        client.send(Frame.of(Arrays.copyOf(longAck, 8 * 1024 + 1)));
        isEnded(client, Reason.FRAME_TOO_LARGE);
    }

    // ---- acknowledgements to the client

    @Test
    void anAcknowledgementComesAfterOneSecond() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(data(1, 3, 10));
        assertThat(acks(client)).isEmpty();
        harness.advance(Duration.ofSeconds(1));
        assertThat(acks(client)).containsExactly(3L);
        harness.advance(Duration.ofSeconds(3));
        assertThat(acks(client)).as("said once").isEmpty();
    }

    @Test
    void anAcknowledgementBehindALargePacketThatWaitsIsNotOverwrittenByTheNext() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(data(1, 2, 10));
        client.channel.takes(100);
        harness.send(client.id, payload(1, 5000));
        harness.run();
        master(client, 2, 3);
        client.channel.takesAll();
        harness.run();
        assertThat(client.expect(Data.class).payload()).isEqualTo(payload(1, 5000));
        assertThat(client.expect(Ack.class).count()).isEqualTo(2);
        assertThat(client.expect(Data.class).payload()).isEqualTo(payload(2, 10));
        assertThat(client.expect(Data.class).payload()).isEqualTo(payload(3, 10));
        assertThat(client.next()).isNull();
    }

    @Test
    void neverLaterThanOneSecondWheneverThePacketComes() {
        EdgeClient3 client = EdgeClient3.open(harness);
        for (int i = 1; i <= 40; i++) {
            harness.advance(Duration.ofMillis(30));
            client.send(data(i, i, 1));
            int waited = 0;
            while (acks(client).isEmpty()) {
                harness.advance(Duration.ofMillis(100));
                waited++;
            }
            assertThat(waited).isBetween(1, 10);
        }
    }

    @Test
    void sixtyFourPacketsAreAcknowledgedAtOnce() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(data(1, 63, 10));
        assertThat(acks(client)).isEmpty();
        client.send(data(64, 64, 10));
        assertThat(acks(client)).containsExactly(64L);
        client.send(data(65, 127, 10));
        assertThat(acks(client)).isEmpty();
        client.send(data(128, 200, 10));
        assertThat(acks(client)).containsExactly(200L);
    }

    @Test
    void sixtyFourKibibytesAreAcknowledgedAtOnce() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(new Data(payload(1, 65_535)));
        assertThat(acks(client)).isEmpty();
        client.send(new Data(payload(2, 1)));
        assertThat(acks(client)).containsExactly(2L);
    }

    @Test
    void anAcknowledgementGoesAlongWithData() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(data(1, 2, 10));
        master(client, 7, 8);
        List<LinkFrame> came = all(client);
        assertThat(came).hasSize(3);
        assertThat(((Data) came.get(0)).payload()).isEqualTo(payload(7, 10));
        assertThat(((Ack) came.get(1)).count()).isEqualTo(2);
        assertThat(((Data) came.get(2)).payload()).isEqualTo(payload(8, 10));
        harness.advance(Duration.ofSeconds(2));
        assertThat(acks(client)).as("said once").isEmpty();
    }

    @Test
    void anAcknowledgementGoesAlongWithLargeData() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(data(1, 2, 10));
        harness.send(client.id, payload(7, 100_000));
        harness.run();
        List<LinkFrame> came = all(client);
        assertThat(((Ack) came.get(0)).count()).isEqualTo(2);
        assertThat(((Data) came.get(1)).payload()).isEqualTo(payload(7, 100_000));
    }

    /** The acknowledgement lies behind kept packets for a moment: it must not get into what is kept. */
    @Test
    void acknowledgementsAreNeverKept() {
        EdgeClient3 client = EdgeClient3.open(harness);
        for (int i = 1; i <= 100; i++) {
            client.send(data(i, i, 10));
            master(client, i, i);
        }
        cut(client);
        EdgeClient3 again = client.again().resume(40, 101);
        assertThat(again.data()).containsExactly(numbered(41, 100));
    }

    @Test
    void whileTheSocketIsFullOneAcknowledgementWaitsBeforeTheData() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.channel.takes(0);
        master(client, 1, 10);
        for (int round = 0; round < 10; round++) {
            client.send(data(round * 64 + 1, round * 64 + 64, 1));
            harness.advance(Duration.ofSeconds(1));
        }
        client.channel.takesAll();
        harness.run();
        harness.advance(Duration.ofSeconds(1));
        List<LinkFrame> came = all(client);
        assertThat(came.stream().filter(Data.class::isInstance)).hasSize(10);
        List<LinkFrame> acks = came.stream().filter(Ack.class::isInstance).toList();
        assertThat(acks.size()).isLessThanOrEqualTo(2);
        assertThat(((Ack) acks.get(acks.size() - 1)).count()).isEqualTo(640);
        assertThat(came.indexOf(acks.get(0))).as("before packets that wait").isLessThanOrEqualTo(1);
    }

    /** A client with much to catch up on sends all the while, and must not wait for its acknowledgements until the end. */
    @Test
    void anAcknowledgementGoesBeforeWhatAClientHasMissed() {
        EdgeClient3 client = EdgeClient3.open(harness);
        cut(client);
        for (int i = 1; i <= 40; i++) {
            harness.send(client.id, payload(i, 60_000));
            harness.run();
        }
        EdgeClient3 again = client.again();
        Answer answer = again.challenged(0, 1);
        again.channel.takes(200);
        again.send(answer);
        for (int round = 0; round < 3; round++) {
            again.send(data(round * 64 + 1, round * 64 + 64, 1));
            harness.advance(Duration.ofSeconds(1));
        }
        again.channel.takesAll();
        harness.run();
        List<LinkFrame> came = all(again);
        List<Long> acks = came.stream()
                .filter(Ack.class::isInstance)
                .map(frame -> ((Ack) frame).count())
                .toList();
        assertThat(acks).as("a newer one replaces it").containsExactly(192L);
        assertThat(came.indexOf(new Ack(192))).isLessThan(40);
        assertThat(came.stream().filter(Data.class::isInstance)).hasSize(40);
    }

    /** Large packets are offered to the socket in several pieces: an older acknowledgement must not wait behind them. */
    @Test
    void acknowledgementsNeverGoBack() {
        EdgeClient3 client = EdgeClient3.open(harness);
        for (int large : new int[] {1, 3}) {
            client.channel.takes(10);
            client.send(data(1, 20, 1));
            for (int i = 1; i <= large; i++) {
                harness.send(client.id, payload(i, 2_000_000 / large));
            }
            harness.run();
            client.send(data(1, 100, 1));
            harness.advance(Duration.ofSeconds(1));
            client.channel.takesAll();
            harness.run();
            harness.advance(Duration.ofSeconds(1));
            List<Long> acks = acks(client);
            assertThat(acks).isSorted().hasSizeGreaterThan(1);
        }
    }

    @Test
    void whatTheMasterHasIsAcknowledgedWhereItSaysSo() {
        harness.master.acknowledges = true;
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(data(1, 100, 10));
        harness.advance(Duration.ofSeconds(2));
        assertThat(acks(client)).isEmpty();
        harness.master.subject(client.id).acknowledged(30);
        harness.run();
        assertThat(acks(client)).isEmpty();
        harness.advance(Duration.ofSeconds(1));
        assertThat(acks(client)).containsExactly(30L);
        harness.master.subject(client.id).acknowledged(94);
        harness.run();
        assertThat(acks(client)).containsExactly(94L);
    }

    @Test
    void aResumeSaysTheAcknowledgementAgainThatDiedWithItsLink() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(data(1, 5, 10));
        cut(client);
        EdgeClient3 again = client.again().resume(0, 1);
        assertThat(acks(again)).containsExactly(5L);
        again.send(data(6, 6, 10));
        cut(again);
        EdgeClient3 third = again.again().resume(0, 7);
        assertThat(acks(third)).as("the client knows").isEmpty();
    }

    @Test
    void aClientThatClaimsToHaveHeardOfMoreIsToldNothingThatGoesBack() {
        harness.master.acknowledges = true;
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(data(1, 5, 10));
        harness.master.subject(client.id).acknowledged(2);
        harness.run();
        EdgeClient3 again = client.again().resume(0, 6);
        master(again, 1, 3);
        assertThat(acks(again)).isEmpty();
        harness.master.subject(client.id).acknowledged(5);
        harness.run();
        harness.advance(Duration.ofSeconds(1));
        assertThat(acks(again)).containsExactly(5L);
    }

    // ---- down, and acknowledgements of the client

    @Test
    void dataComesInFramesOfItsType() {
        EdgeClient3 client = EdgeClient3.open(harness);
        master(client, 1, 2);
        harness.send(client.id, payload(3, 5_000));
        harness.send(client.id, new byte[0]);
        harness.run();
        assertThat(client.data()).containsExactly(payload(1, 10), payload(2, 10), payload(3, 5_000), new byte[0]);
    }

    @Test
    void whatIsAcknowledgedIsNotHeld() {
        EdgeClient3 client = EdgeClient3.open(harness);
        master(client, 1, 5);
        harness.send(client.id, payload(6, 50_000));
        harness.run();
        assertThat(harness.budget.heldBytes()).isGreaterThan(50_000);
        client.send(new Ack(3));
        client.send(new Ack(3));
        client.send(new Ack(6));
        assertThat(harness.budget.heldBytes()).isZero();
        assertThat(harness.count(Metric.ACKS_UP)).isEqualTo(2);
    }

    @Test
    void anAcknowledgementBeyondWhatWasSentIsAViolation() {
        EdgeClient3 client = EdgeClient3.open(harness);
        master(client, 1, 5);
        client.send(new Ack(6));
        isEnded(client, Reason.PROTOCOL_VIOLATION);
    }

    @Test
    void anAcknowledgementBeforeAnythingWasSentIsAViolation() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(new Ack(0));
        assertThat(harness.sessions.size()).isOne();
        client.send(new Ack(1));
        isEnded(client, Reason.PROTOCOL_VIOLATION);
    }

    @Test
    void anAcknowledgementBelowAnEarlierOneIsAViolation() {
        EdgeClient3 client = EdgeClient3.open(harness);
        master(client, 1, 5);
        client.send(new Ack(4));
        client.send(new Ack(3));
        isEnded(client, Reason.PROTOCOL_VIOLATION);
    }

    @Test
    void countsNearTheirLimitAreViolations() {
        for (long count : new long[] {(1L << 53) - 1, 1L << 53, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            EdgeClient3 client = EdgeClient3.open(harness);
            master(client, 1, 5);
            byte[] frame = LinkCodec.frame(new Ack(5));
            for (int i = 0; i < 8; i++) {
                frame[5 + i] = (byte) (count >>> 8 * i);
            }
            client.send(frame);
            client.expectClose(CloseCode.VIOLATION);
            assertThat(harness.sessions.size()).isZero();
        }
    }

    @Test
    void whatIsSentAtAResumeMayBeAcknowledgedAndNoMore() {
        EdgeClient3 client = EdgeClient3.open(harness);
        master(client, 1, 5);
        cut(client);
        EdgeClient3 again = client.again().resume(2, 1);
        assertThat(again.data()).containsExactly(numbered(3, 5));
        again.send(new Ack(2));
        again.send(new Ack(5));
        assertThat(harness.budget.heldBytes()).isZero();
        again.send(new Ack(6));
        isEnded(again, Reason.PROTOCOL_VIOLATION);
    }

    @Test
    void anAcknowledgementThatIsTooShortIsAViolation() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(Frame.of(new byte[] {1, 0, 0, 0, 0, 0, 0, 0}));
        isEnded(client, Reason.PROTOCOL_VIOLATION);
    }

    @Test
    void anEmptyFrameIsAViolation() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(Frame.of(new byte[0]));
        isEnded(client, Reason.PROTOCOL_VIOLATION);
    }

    @Test
    void nothingBehindAViolationCounts() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(new Data(payload(1, 10)), new Ack(9), new Data(payload(2, 10)));
        assertThat(harness.master.received())
                .containsExactly(
                        EdgeHarness.Master.data(client.id, payload(1, 10)),
                        EdgeHarness.Master.failed(client.id, Reason.PROTOCOL_VIOLATION));
    }

    // ---- resume

    @Test
    void aTakeoverGivesAllUnacknowledgedToTheNewLink() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.channel.takes(30);
        master(client, 1, 20);
        client.send(new Ack(1));
        client.send(data(1, 3, 10));
        EdgeClient3 again = client.again();
        again.resume(1, 1);
        List<LinkFrame> came = all(again);
        assertThat(came.stream().filter(Data.class::isInstance).map(frame -> ((Data) frame).payload()))
                .containsExactly(numbered(2, 20));
        assertThat(came.get(0)).as("right behind Resumed").isInstanceOf(Ack.class);
        client.channel.takesAll();
        harness.run();
        assertThat(client.isClosed()).isTrue();
        master(again, 21, 21);
        assertThat(again.data()).containsExactly(numbered(21, 21));
    }

    @Test
    void acceptedIsWhatWasReadOnAllLinks() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(data(1, 3, 10));
        byte[] half = LinkCodec.frame(new Data(payload(4, 10)));
        client.send(Arrays.copyOf(half, half.length - 1));
        cut(client);
        EdgeClient3 again = client.again();
        assertThat(accepted(again, 0, 1)).isEqualTo(3);
        again.send(data(4, 5, 10));
        cut(again);
        EdgeClient3 third = again.again();
        assertThat(accepted(third, 0, 3)).isEqualTo(5);
        assertThat(harness.master.received().stream()
                        .filter(packet -> packet.data().length > 0)
                        .count())
                .isEqualTo(5);
    }

    private static long accepted(EdgeClient3 client, long received, long kept) {
        Resume resume = client.resumeFrame(received, kept);
        client.send(EdgeClient3.VERSION, LinkCodec.frame(resume));
        Challenge challenge = client.expect(Challenge.class);
        Answer answer = client.answerTo(resume, challenge);
        client.send(answer);
        Resumed resumed = client.resumed(resume, challenge, answer);
        return resumed.accepted();
    }

    @Test
    void aGapClosesTheLinkAndEndsTheSession() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(data(1, 1, 1));
        master(client, 1, 3);
        client.send(new Ack(2));
        cut(client);
        EdgeClient3 again = client.again();
        again.send(again.challenged(1, 1));
        again.expectClose(CloseCode.GAP);
        assertThat(harness.sessions.size()).isZero();
        assertThat(harness.count(Metric.ENDED_GAP)).isOne();
    }

    // ---- the end

    @Test
    void leavingIsAnsweredWithAnAcknowledgement() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(Stream.concat(Arrays.stream(data(1, 3, 10)), Stream.of(new Leave(), new Data(payload(9, 9))))
                .toArray(LinkFrame[]::new));
        assertThat(client.expect(Ack.class).count()).isEqualTo(3);
        client.expectClose(CloseCode.LEFT);
        assertThat(harness.master.received())
                .endsWith(EdgeHarness.Master.failed(client.id, Reason.CLIENT_LEFT))
                .hasSize(4);
    }

    @Test
    void aKickDropsWhatIsKept() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.channel.takes(5);
        master(client, 1, 5);
        harness.sessions.kick(client.id);
        harness.run();
        client.channel.takesAll();
        harness.run();
        assertThat(all(client).stream().filter(Data.class::isInstance)).hasSize(5);
        assertThat(harness.budget.heldBytes()).isZero();
    }
}
