package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static net.voltlane.testkit.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.PubKey;
import net.voltlane.protocol.Reason;
import net.voltlane.server.edge.EdgeHarness.Master;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.guard.RatePolicy;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The limits on the rates of clients, and the idle timeout. */
@ExtendWith(LeakCheck.class)
final class RateAndIdleLimiterTest {
    private EdgeHarness harness = new EdgeHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private void rates(long packets, long bytes, RatePolicy policy, long idleSecs) {
        harness.close();
        harness = new EdgeHarness(GuardLimits.OFF.withRates(new RateLimits(packets, bytes, policy, idleSecs)));
    }

    private static byte[] packets(int first, int last) {
        byte[][] all = new byte[last - first + 1][];
        for (int i = first; i <= last; i++) {
            all[i - first] = frame(i, 6);
        }
        return concat(all);
    }

    private void heard(EdgeClient from, int first, int last) {
        assertThat(harness.master.dataOf(from.id))
                .as("packets %d to %d", first, last)
                .containsExactly(IntStream.rangeClosed(first, last)
                        .mapToObj(i -> payload(i, 6))
                        .toArray(byte[][]::new));
    }

    // ---- pause

    @Test
    void aClientOverItsPacketsIsNotReadFromUntilTheyAreBack() {
        rates(10, 0, RatePolicy.PAUSE, 0);
        EdgeClient client = harness.open();
        EdgeClient other = harness.open();
        client.send(packets(1, 10));
        client.send(packets(11, 15));
        heard(client, 1, 15);
        client.send(packets(16, 16));
        assertThat(client.channel.unreadBytes()).isEqualTo(10);
        other.send(packets(1, 1));
        heard(other, 1, 1);
        harness.advance(Duration.ofMillis(400));
        assertThat(harness.master.received())
                .as("four of five packets' tokens are back")
                .isEmpty();
        harness.advance(Duration.ofMillis(100));
        heard(client, 16, 16);
        assertThat(harness.count(Metric.LINKS_PAUSED))
                .as("the next packet was over the rate as well")
                .isEqualTo(2);
    }

    @Test
    void aClientOverItsBytesIsNotReadFromUntilTheyAreBack() {
        rates(0, 100, RatePolicy.PAUSE, 0);
        EdgeClient client = harness.open();
        client.send(packets(1, 10));
        client.send(packets(11, 11));
        heard(client, 1, 11);
        client.send(packets(12, 12));
        assertThat(client.channel.unreadBytes()).isEqualTo(10);
        harness.advance(Duration.ofMillis(100));
        heard(client, 12, 12);
    }

    @Test
    void bytesCountBeforeTheirFrameIsWhole() {
        rates(0, 100, RatePolicy.PAUSE, 0);
        EdgeClient client = harness.open();
        client.send(Arrays.copyOf(frame(1, 5_000), 101));
        client.send(new byte[1]);
        assertThat(client.channel.unreadBytes()).isOne();
    }

    @Test
    void inputBehindTheHandshakeCounts() {
        rates(1, 0, RatePolicy.PAUSE, 0);
        EdgeClient client = harness.connect();
        client.send(concat(EdgeClient.frames(EdgeClient.VERSION, new PubKey(client.keys.publicKey())), packets(1, 2)));
        client.expect(PubKey.class);
        client.adopt();
        heard(client, 1, 2);
        client.send(packets(3, 3));
        assertThat(client.channel.unreadBytes()).isEqualTo(10);
        harness.advance(Duration.ofSeconds(1));
        heard(client, 3, 3);
    }

    @Test
    void aPausedClientThatGoesIsForgotten() {
        rates(1, 0, RatePolicy.PAUSE, 0);
        EdgeClient client = harness.open();
        client.send(packets(1, 5));
        heard(client, 1, 5);
        client.channel.finished();
        harness.run();
        harness.advance(Duration.ofMinutes(1));
        assertThat(harness.sessions.staleSize()).isOne();
        EdgeClient back = client.again().resume();
        harness.master.received();
        back.send(packets(6, 6));
        harness.advance(Duration.ofSeconds(1));
        heard(back, 6, 6);
    }

    @Test
    void whileTheMasterIsSlowAPausedClientStaysHeldBack() {
        rates(1, 0, RatePolicy.PAUSE, 0);
        EdgeClient client = harness.open();
        client.send(packets(1, 2));
        heard(client, 1, 2);
        harness.gate.shut();
        harness.advance(Duration.ofSeconds(1));
        client.send(packets(3, 3));
        assertThat(client.channel.unreadBytes()).as("held back").isEqualTo(10);
        harness.gate.open();
        harness.run();
        heard(client, 3, 3);
    }

    @Test
    void theGateDoesNotLetAPausedClientGo() {
        rates(1, 0, RatePolicy.PAUSE, 0);
        EdgeClient client = harness.open();
        harness.gate.shut();
        client.send(packets(1, 3));
        heard(client, 1, 3);
        harness.gate.open();
        client.send(packets(4, 4));
        assertThat(client.channel.unreadBytes()).isEqualTo(10);
        harness.advance(Duration.ofSeconds(2));
        heard(client, 4, 4);
    }

    @Test
    void theEndOfOneReasonNotToReadLeavesTheOther() {
        rates(1, 0, RatePolicy.PAUSE, 0);
        EdgeClient client = harness.connect();
        harness.gate.shut();
        client.send(concat(EdgeClient.frames(EdgeClient.VERSION, new PubKey(client.keys.publicKey())), packets(1, 3)));
        client.expect(PubKey.class);
        client.adopt();
        LinkReads<ReadPause> reads = client.channel.pipeline().get(ClientLink.class).reads;
        assertThat(reads.isPausedFor(ReadPause.OVER_RATE)).isTrue();
        assertThat(reads.isPausedFor(ReadPause.HELD_BACK)).isTrue();
        assertThat(reads.isPausedFor(ReadPause.SERVER_TURN)).isFalse();
        harness.gate.open();
        harness.run();
        assertThat(reads.isPausedFor(ReadPause.HELD_BACK)).isFalse();
        assertThat(reads.isPausedFor(ReadPause.OVER_RATE)).isTrue();
        assertThat(client.channel.config().isAutoRead()).isFalse();
    }

    @Test
    void eachReasonNotToReadFromAClientCanBeAsked() {
        rates(1, 0, RatePolicy.KICK, 0);
        EdgeClient client = harness.open();
        LinkReads<ReadPause> reads = client.channel.pipeline().get(ClientLink.class).reads;
        assertThat(reads.isPaused()).as("neither held back nor over its rate").isFalse();
        client.send(packets(1, 2));
        assertThat(reads.isPausedFor(ReadPause.OVER_RATE)).isTrue();
        assertThat(reads.isPausedFor(ReadPause.HELD_BACK)).as("its own fault").isFalse();
        harness.advance(Duration.ofMillis(100));
        assertThat(harness.count(Metric.ENDED_RATE_LIMIT)).isOne();
        assertThat(reads.isPaused()).as("read to its end, and discarded").isFalse();
    }

    @Test
    void aClientThatIsHeldBackIsNotOverItsRate() {
        EdgeClient client = harness.open();
        LinkReads<ReadPause> reads = client.channel.pipeline().get(ClientLink.class).reads;
        harness.gate.shut();
        client.send(packets(1, 100));
        assertThat(reads.isPausedFor(ReadPause.HELD_BACK)).isTrue();
        assertThat(reads.isPausedFor(ReadPause.OVER_RATE)).isFalse();
        harness.gate.open();
        harness.run();
        assertThat(reads.isPaused()).isFalse();
    }

    // ---- kick

    @Test
    void withKickTheSessionEndsBehindWhatCame() {
        rates(3, 0, RatePolicy.KICK, 0);
        EdgeClient client = harness.open();
        EdgeClient other = harness.open();
        client.send(packets(1, 3));
        heard(client, 1, 3);
        client.send(packets(4, 5));
        heard(client, 4, 5);
        harness.advance(Duration.ofMillis(100));
        assertThat(harness.master.received()).containsExactly(Master.failed(client.id, Reason.RATE_LIMIT));
        assertThat(client.isClosed()).isTrue();
        assertThat(other.isClosed()).isFalse();
        assertThat(harness.count(Metric.ENDED_RATE_LIMIT)).isOne();
        assertThat(harness.log.lines())
                .containsExactly(
                        "WARN Ended 1 session: its client sent more in a second than it may (last: 192.0.2.1)");
    }

    @Test
    void inputThatGatheredWhileTheServerDidNotReadIsNoReasonToKick() {
        rates(10, 0, RatePolicy.KICK, 0);
        EdgeClient client = harness.open();
        client.send(packets(1, 1));
        harness.gate.shut();
        for (int i = 2; i <= 40; i++) {
            client.send(packets(i, i));
            harness.advance(Duration.ofMillis(500));
        }
        harness.gate.open();
        harness.run();
        harness.advance(Duration.ofSeconds(5));
        heard(client, 1, 40);
        client.send(packets(41, 60));
        harness.advance(Duration.ofMillis(100));
        assertThat(harness.count(Metric.ENDED_RATE_LIMIT))
                .as("for packets that it sent after it had caught up")
                .isOne();
    }

    @Test
    void inputThatGatheredWhileTheLoopWasLateIsNoReasonToKick() {
        rates(10, 0, RatePolicy.KICK, 0);
        EdgeClient client = harness.open();
        harness.clock.advance(Duration.ofSeconds(20)); // without a sweep
        client.send(packets(1, 40));
        harness.advance(Duration.ofSeconds(4));
        heard(client, 1, 40);
        assertThat(harness.count(Metric.ENDED_RATE_LIMIT)).isZero();
    }

    @Test
    void inputThatAClientWroteWhileItWasAwayIsNoReasonToKick() {
        rates(10, 0, RatePolicy.KICK, 0);
        EdgeClient client = harness.open();
        client.send(packets(1, 1));
        client.channel.finished();
        harness.run();
        harness.advance(Duration.ofSeconds(60));
        harness.master.received();
        EdgeClient back = client.again().resume();
        harness.master.received(); // Reconnection
        back.send(packets(2, 61));
        harness.advance(Duration.ofSeconds(10));
        heard(back, 2, 61);
        assertThat(harness.count(Metric.ENDED_RATE_LIMIT)).isZero();
    }

    // ---- ways around

    @Test
    void anotherLinkDoesNotResetTheRate() {
        rates(10, 0, RatePolicy.PAUSE, 0);
        EdgeClient client = harness.open();
        client.send(packets(1, 10));
        for (int i = 0; i < 20; i++) {
            client = client.again().resume();
            client.send(packets(11, 20));
        }
        assertThat(harness.master.received().stream().filter(packet -> packet.data().length > 0))
                .hasSize(10);
    }

    @Test
    void aReturningClientIsReadFromOnceItMaySendItsFirstPacket() {
        rates(5, 0, RatePolicy.KICK, 0);
        EdgeClient client = harness.open();
        client.send(packets(1, 1));
        EdgeClient back = client.again().resume();
        harness.master.received();
        back.send(packets(2, 2));
        assertThat(back.channel.unreadBytes()).as("nothing is saved up").isEqualTo(10);
        harness.advance(Duration.ofMillis(200));
        heard(back, 2, 2);
        assertThat(harness.count(Metric.ENDED_RATE_LIMIT)).isZero();
    }

    @Test
    void aReturningClientIsReadFromAlsoIfTheLoopIsLateThen() {
        rates(5, 0, RatePolicy.KICK, 0);
        EdgeClient client = harness.open();
        client.send(packets(1, 1));
        EdgeClient back = client.again().resume();
        harness.master.received();
        back.send(packets(2, 2));
        harness.clock.advance(Duration.ofSeconds(20)); // without a sweep
        harness.advance(Duration.ofMillis(200));
        heard(back, 2, 2);
        assertThat(harness.count(Metric.ENDED_RATE_LIMIT)).isZero();
    }

    @Test
    void aFinDoesNotLetInWhatIsOverTheRate() {
        rates(10, 0, RatePolicy.PAUSE, 0);
        EdgeClient client = harness.open();
        client.send(packets(1, 11));
        client.send(packets(12, 1_000));
        client.channel.finished();
        harness.run();
        heard(client, 1, 11);
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(harness.sessions.staleSize()).isOne();
    }

    @Test
    void aClientThatReturnsSendsSomethingAndLeavesIsHeard() {
        rates(10, 0, RatePolicy.PAUSE, 0);
        EdgeClient client = harness.open();
        client.send(packets(1, 1));
        EdgeClient back = client.again().resume();
        harness.master.received();
        back.send(packets(2, 4));
        assertThat(harness.master.received()).isEmpty();
        back.channel.finished();
        harness.run();
        heard(back, 2, 4);
    }

    @Test
    void aReturningClientThatSendsMuchMoreThanItMayIsCutOff() {
        rates(10, 0, RatePolicy.PAUSE, 0);
        EdgeClient client = harness.open();
        client.send(packets(1, 1));
        EdgeClient back = client.again().resume();
        harness.master.received();
        back.send(packets(2, 2_000)); // of 10 bytes, read in pieces of 2 KiB
        back.channel.finished();
        harness.run();
        assertThat(harness.master.received()).hasSizeBetween(10, 10 + 2 * 1024 / 10 + 1);
        assertThat(back.channel.isOpen()).isFalse();
    }

    @Test
    void oneReadBringsLittleOverTheRate() {
        rates(1, 0, RatePolicy.PAUSE, 0);
        EdgeClient client = harness.open();
        client.send(packets(1, 1_000)); // of 10 bytes each
        assertThat(harness.master.received()).hasSizeLessThanOrEqualTo(2 * 1024 / 10 + 1);
    }

    // ---- pauses, and other things that happen

    @Test
    void aPauseEndsNoLinkHoweverMuchIsHeld() {
        rates(10, 0, RatePolicy.PAUSE, 0);
        EdgeClient client = harness.open();
        long others = Long.MAX_VALUE / 2 + 1;
        harness.budget.charge(others);
        client.send(packets(1, 11));
        harness.budget.charge(-others);
        assertThat(client.channel.isOpen()).isTrue();
    }

    @Test
    void aLinkThatDeliversItsLastPacketsIsStillReadFrom() {
        rates(1, 0, RatePolicy.PAUSE, 0);
        EdgeClient client = harness.open();
        client.send(packets(1, 3)); // paused for two seconds
        client.channel.takes(0);
        harness.send(client.id, new byte[5000]);
        harness.run();
        harness.sessions.kick(client.id);
        harness.run();
        harness.gate.shut();
        harness.advance(Duration.ofSeconds(3));
        harness.gate.open();
        client.send(packets(4, 1_000));
        assertThat(client.channel.unreadBytes()).isZero();
    }

    // ---- off, and changes

    @Test
    void withoutLimitsALinkHasNoPace() {
        EdgeClient client = harness.open();
        client.send(packets(1, 1_000));
        heard(client, 1, 1_000);
        assertThat(harness.loop.limiter.isOn()).isFalse();
        assertThat(client.channel.pipeline().get(ClientLink.class).pace).isNull();
    }

    @Test
    void changedLimitsHoldFromTheNextSweepOn() {
        EdgeClient client = harness.open();
        harness.guard.limits(GuardLimits.OFF.withRates(new RateLimits(1, 0, RatePolicy.PAUSE, 10)));
        harness.advance(Duration.ofMillis(100));
        client.send(packets(1, 5));
        client.send(packets(6, 6));
        heard(client, 1, 5);
        harness.guard.limits(GuardLimits.OFF);
        harness.advance(Duration.ofMillis(100));
        heard(client, 6, 6);
        client.send(packets(7, 20));
        heard(client, 7, 20);
        harness.advance(Duration.ofMinutes(10));
        assertThat(client.channel.isOpen()).isTrue();
    }

    // ---- idle

    @Test
    void aSilentClientLosesItsLinkAndKeepsItsSession() {
        rates(0, 0, RatePolicy.PAUSE, 8);
        EdgeClient client = harness.open();
        EdgeClient other = harness.open();
        for (int i = 0; i < 7; i++) {
            harness.advance(Duration.ofSeconds(1));
            other.send(Frame.of(new byte[0]));
        }
        assertThat(client.isClosed()).isFalse();
        harness.advance(Duration.ofSeconds(1));
        assertThat(client.isClosed()).isTrue();
        assertThat(other.isClosed()).isFalse();
        assertThat(harness.count(Metric.LINKS_IDLE)).isOne();
        assertThat(harness.sessions.staleSize()).isOne();
        client.again().resume();
    }

    @Test
    void aClientThatSendsLateHasItsWholeTimeAgain() {
        rates(0, 0, RatePolicy.PAUSE, 8);
        EdgeClient client = harness.open();
        silence(7);
        client.send(Frame.of(new byte[0]));
        silence(7);
        assertThat(client.isClosed()).isFalse();
        silence(3); // found at most a quarter of the time late
        assertThat(client.isClosed()).isTrue();
    }

    private void silence(int secs) {
        for (int i = 0; i < 10 * secs; i++) {
            harness.advance(Duration.ofMillis(100));
        }
    }

    @Test
    void aClientThatSentWhileTheLoopStoodStillIsNotIdle() {
        rates(0, 0, RatePolicy.PAUSE, 8);
        EdgeClient client = harness.open();
        harness.advance(Duration.ofMillis(100));
        harness.clock.advance(Duration.ofSeconds(9));
        client.send(Frame.of(new byte[] {1})); // is read before the sweep
        harness.loop.sweep();
        harness.run();
        assertThat(harness.count(Metric.LINKS_IDLE)).isZero();
    }

    @Test
    void aClientThatIsNotReadFromIsNotIdle() {
        rates(1, 0, RatePolicy.PAUSE, 8);
        EdgeClient client = harness.open();
        client.send(packets(1, 60));
        harness.advance(Duration.ofSeconds(30));
        harness.advance(Duration.ofSeconds(28));
        assertThat(client.isClosed()).isFalse();
    }

    private void switchTo(long packets, long idleSecs) {
        harness.guard.limits(GuardLimits.OFF.withRates(new RateLimits(packets, 0, RatePolicy.PAUSE, idleSecs)));
    }

    @Test
    void anIdleTimeoutThatIsSetLaterAppliesToSilentLinksFromThenOn() {
        EdgeClient silent = harness.open();
        EdgeClient speaking = harness.open();
        EdgeClient closed = harness.open();
        harness.advance(Duration.ofHours(1));
        closed.channel.finished();
        harness.run();
        switchTo(0, 8);
        silence(4);
        speaking.send(Frame.of(new byte[0]));
        EdgeClient later = harness.open();
        silence(3);
        assertThat(silent.isClosed()).isFalse();
        silence(2); // a sweep for each of four checks
        assertThat(silent.isClosed()).isTrue();
        assertThat(speaking.isClosed()).isFalse();
        assertThat(later.isClosed()).isFalse();
        assertThat(harness.count(Metric.LINKS_IDLE)).isOne();
        silent.again().resume();
    }

    @Test
    void anIdleTimeoutThatIsSetLaterAppliesToLinksWithARateAsWell() {
        rates(10, 0, RatePolicy.PAUSE, 0);
        EdgeClient silent = harness.open();
        silent.send(packets(1, 1));
        harness.advance(Duration.ofHours(1));
        switchTo(10, 8);
        silence(7);
        assertThat(silent.isClosed()).isFalse();
        silence(2);
        assertThat(silent.isClosed()).isTrue();
    }

    @Test
    void timeBeforeAnIdleTimeoutIsSetDoesNotCount() {
        rates(0, 0, RatePolicy.PAUSE, 8);
        EdgeClient client = harness.open();
        switchTo(0, 0);
        silence(60);
        client.send(Frame.of(new byte[0]));
        switchTo(0, 8);
        silence(7);
        assertThat(client.isClosed()).isFalse();
        silence(2);
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void linksThatGoLeaveTheOthersInTheLimiter() {
        List<EdgeClient> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(harness.open());
        }
        for (int gone : new int[] {6, 0, 3}) {
            all.get(gone).channel.finished();
            harness.run();
        }
        all.get(1).again().resume(); // takes its session over
        switchTo(0, 8);
        silence(9);
        assertThat(harness.count(Metric.LINKS_IDLE)).isEqualTo(4);
        switchTo(0, 0);
        harness.advance(Duration.ofSeconds(1));
        switchTo(0, 8);
        silence(9);
        assertThat(harness.count(Metric.LINKS_IDLE)).isEqualTo(4);
    }
}
