package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeClient3.VERSION;
import static net.voltlane.server.link.Bufs.payload;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.Answer;
import net.voltlane.protocol.link3.Close;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.GoAway;
import net.voltlane.protocol.link3.Leave;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.LinkFrame;
import net.voltlane.protocol.link3.Ping;
import net.voltlane.protocol.link3.Pong;
import net.voltlane.protocol.link3.Resumed;
import net.voltlane.server.guard.ConnectionLimits;
import net.voltlane.server.guard.GuardLimits;
import net.voltlane.server.guard.RateLimits;
import net.voltlane.server.guard.RatePolicy;
import net.voltlane.server.metrics.Metric;
import org.junit.jupiter.api.Test;

/** Each way in which the server ends a link of version 3 with a word to its client. */
final class Version3EndTest extends HandshakeCase {
    private void harness(EdgeHarness next) {
        harness.close();
        harness = next;
    }

    private void connections(ConnectionLimits limits) {
        harness(new EdgeHarness(GuardLimits.OFF.withConnections(limits)));
    }

    private void kick(EdgeClient3 client, String text) {
        harness.sessions.kick(client.id, utf8(text));
        harness.run();
    }

    private static EdgeSettings channel(int packets, int frameBytes) {
        EdgeSettings all = EdgeHarness.SETTINGS;
        return new EdgeSettings(frameBytes, all.handshakeTimeoutNanos(), new QueueBounds(packets, 1 << 20), false, 0);
    }

    // ---- the session ends

    @Test
    void aKickTellsTheBackendsWordsBehindAllData() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.channel.takes(3);
        harness.send(client.id, payload(1, 100));
        harness.send(client.id, payload(2, 100));
        harness.run();
        kick(client, "you were rude");
        assertThat(harness.sessions.size()).as("the end waits for nobody").isZero();
        client.channel.takesAll();
        harness.run();
        assertThat(client.expect(Data.class).payload()).isEqualTo(payload(1, 100));
        assertThat(client.expect(Data.class).payload()).isEqualTo(payload(2, 100));
        Close close = client.expectClose(CloseCode.KICKED);
        assertThat(close.text()).isEqualTo("you were rude");
        assertThat(close.retryAfterMillis()).isZero();
    }

    @Test
    void leaveEndsTheSessionBehindWhatCameBeforeIt() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(new Data(utf8("last words")), new Leave(), new Data(utf8("too late")));
        client.expectClose(CloseCode.LEFT);
        assertThat(harness.master.received())
                .containsExactly(
                        EdgeHarness.Master.data(client.id, utf8("last words")),
                        EdgeHarness.Master.failed(client.id, Reason.CLIENT_LEFT));
        assertThat(harness.count(Metric.ended(Reason.CLIENT_LEFT))).isOne();
        assertThat(harness.sessions.size()).isZero();
    }

    /** A prefix that announces more than any frame may have. */
    private static final byte[] FAR_TOO_LONG = {-1, -1, -1, 127};

    @Test
    void aFrameOverTheLimitBehindLeaveChangesNothing() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(
                LinkCodec.frame(new Data(utf8("last"))),
                LinkCodec.frame(new Leave()),
                LinkCodec.frame(new Leave()),
                FAR_TOO_LONG);
        client.expectClose(CloseCode.LEFT);
        assertThat(harness.count(Metric.ended(Reason.CLIENT_LEFT))).isOne();
        assertThat(harness.count(Metric.ended(Reason.FRAME_TOO_LARGE))).isZero();
    }

    @Test
    void ofTwoViolationsInOneReadTheFirstStands() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(
                LinkCodec.frame(new Ping(utf8("heard"))),
                LinkCodec.frame(new Ack(1)),
                LinkCodec.frame(new Ping(utf8("not heard"))),
                LinkCodec.frame(new Leave()),
                FAR_TOO_LONG);
        assertThat(client.expect(Pong.class).bytes()).isEqualTo(utf8("heard"));
        client.expectClose(CloseCode.VIOLATION);
        assertThat(harness.count(Metric.ended(Reason.PROTOCOL_VIOLATION))).isOne();
        assertThat(harness.sessions.size()).isZero();
    }

    @Test
    void aClientThatLeavesOnALinkThatAnotherReplacesHasChangedItsMind() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        EdgeClient3 back = owner.again();
        Answer answer = back.challenged(0, 1);
        back.channel.receives(LinkCodec.frame(answer));
        harness.clientLoop.run();
        harness.sessionLoop.run(); // the takeover is decided, and the old link does not know yet
        owner.channel.receives(LinkCodec.frame(new Leave()));
        harness.run();
        back.expect(Resumed.class);
        owner.expectClose(CloseCode.TAKEN_OVER);
        assertThat(harness.sessions.size()).isOne();
    }

    @Test
    void aFrameOverTheLimitIsTold() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(new Data(new byte[EdgeHarness.MAX_FRAME_BYTES]));
        assertThat(harness.master.dataOf(client.id)).hasSize(1);
        client.send(new Data(new byte[EdgeHarness.MAX_FRAME_BYTES + 1]));
        client.expectClose(CloseCode.FRAME_TOO_LARGE);
        assertThat(harness.count(Metric.ended(Reason.FRAME_TOO_LARGE))).isOne();
    }

    @Test
    void framesWithoutDataMayHave8KiBWhateverDataMayHave() {
        harness(new EdgeHarness(channel(10, 10)));
        EdgeClient3 client = EdgeClient3.open(harness);
        byte[] later = new byte[8192];
        later[0] = 0x40;
        client.send(Frame.of(later), LinkCodec.frame(new Data(payload(1, 10))));
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 10));
        client.send(new Data(payload(1, 11)));
        client.expectClose(CloseCode.FRAME_TOO_LARGE);
    }

    @Test
    void aSkippedFrameOver8KiBIsTooLarge() {
        EdgeClient3 client = EdgeClient3.open(harness);
        byte[] later = new byte[8193];
        later[0] = 0x40;
        client.send(Frame.of(later));
        client.expectClose(CloseCode.FRAME_TOO_LARGE);
    }

    @Test
    void aViolationIsTold() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(Frame.of(new byte[18 + 1])); // Data, so that there is one
        client.send(Frame.of(concat(new byte[] {2}, new byte[17]))); // a Ping of 17 bytes
        client.expectClose(CloseCode.VIOLATION);
        assertThat(harness.count(Metric.ended(Reason.PROTOCOL_VIOLATION))).isOne();
    }

    private static byte[] concat(byte[]... parts) {
        return net.voltlane.testkit.Bytes.concat(parts);
    }

    @Test
    void aClientOverItsRateIsTold() {
        harness(new EdgeHarness(GuardLimits.OFF.withRates(new RateLimits(1, 0, RatePolicy.KICK, 0))));
        EdgeClient3 client = EdgeClient3.open(harness);
        for (int i = 0; i < 10; i++) {
            client.send(new Data(utf8("fast")));
        }
        harness.advance(Duration.ofMillis(200));
        client.expectClose(CloseCode.RATE);
    }

    @Test
    void aClientThatDoesNotReadIsToldBehindTheFrameThatItHasBegun() {
        harness(new EdgeHarness(channel(2, 1_000)));
        EdgeClient3 client = EdgeClient3.open(harness);
        client.channel.takes(7);
        for (int i = 1; i <= 4; i++) {
            harness.send(client.id, payload(i, 10));
            harness.run();
        }
        assertThat(harness.count(Metric.ended(Reason.BUFFER_OVERFLOW)))
                .as("ended at once")
                .isOne();
        assertThat(client.isClosed()).as("it may read yet").isFalse();
        client.channel.takesAll();
        harness.run();
        assertThat(client.expect(Data.class).payload()).isEqualTo(payload(1, 10));
        client.expectClose(CloseCode.OVERFLOW);
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void aClientThatNeverReadsIsGivenUpWithoutAWord() {
        harness(new EdgeHarness(channel(2, 1_000)));
        EdgeClient3 client = EdgeClient3.open(harness);
        client.channel.takes(7);
        for (int i = 1; i <= 4; i++) {
            harness.send(client.id, payload(i, 10));
            harness.run();
        }
        harness.advance(Duration.ofSeconds(5));
        assertThat(client.channel.wasReset()).isTrue();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void anOrderlyStopIsTold() {
        EdgeClient3 client = EdgeClient3.open(harness);
        harness.send(client.id, payload(1, 10));
        harness.sessions.stop(() -> {});
        harness.run();
        client.expectClose(CloseCode.STOPPING);
    }

    @Test
    void aSessionThatFailsForMemoryIsTold() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.channel.takes(0);
        harness.send(client.id, payload(1, 10_000));
        harness.run();
        harness.budget.limit(100);
        harness.sessions.shed();
        harness.run();
        assertThat(harness.count(Metric.ended(Reason.MEMORY_LIMIT))).isOne();
        client.channel.takesAll();
        harness.run();
        client.expectClose(CloseCode.MEMORY);
        harness.budget.limit(Long.MAX_VALUE);
    }

    // ---- the session stays

    @Test
    void aSilentClientIsToldAndResumes() {
        harness(new EdgeHarness(GuardLimits.OFF.withRates(new RateLimits(0, 0, RatePolicy.PAUSE, 2))));
        EdgeClient3 client = EdgeClient3.open(harness);
        client.send(new Ping(new byte[0]));
        client.expect(Pong.class);
        harness.advance(Duration.ofSeconds(3));
        client.expectClose(CloseCode.SILENT);
        assertThat(harness.count(Metric.LINKS_IDLE)).isOne();
        assertThat(harness.count(Metric.LINKS_LOST)).isOne();
        client.again().resume();
        assertThat(harness.count(Metric.SESSIONS_RESUMED)).isOne();
    }

    // ---- in the handshake

    @Test
    void aHandshakeThatTakesTooLongIsTold() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(VERSION);
        EdgeClient3 mute = EdgeClient3.connect(harness);
        harness.advance(EdgeHarness.HANDSHAKE_TIMEOUT);
        client.expectClose(CloseCode.SILENT);
        mute.expectBareClose();
        assertThat(harness.count(Metric.REJECTED_TIMEOUT)).isEqualTo(2);
    }

    @Test
    void aHandshakeAtTheStopIsTold() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(VERSION);
        harness.loop.timeouts.stopHandshakes();
        client.expectClose(CloseCode.STOPPING);
    }

    @Test
    void aFirstFrameOver1KiBIsClosedWithoutAWord() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.send(Frame.of(new byte[1025]));
        client.expectBareClose();
    }

    @Test
    void aLimitOnSessionsIsToldToThoseThatOpenAndNotHeldAgainstThoseThatResume() {
        connections(ConnectionLimits.OFF.withTotal(1).withHandshakes(8));
        EdgeClient3 first = EdgeClient3.open(harness);
        EdgeClient3 second = EdgeClient3.connect(harness, "198.51.100.1");
        second.send(VERSION, LinkCodec.frame(second.openFrame()));
        assertThat(second.expectClose(CloseCode.BUSY).retryAfterMillis()).isZero();
        assertThat(second.channel.wasReset())
                .as("a reset would destroy the word")
                .isFalse();
        assertThat(second.channel.isOpen()).as("and no place is held for it").isFalse();
        first.again().resume();
        assertThat(harness.count(Metric.REFUSED_MAX_CLIENTS)).isOne();
    }

    @Test
    void aLimitOnTheRateOfConnectionsTellsWhenToTryAgain() {
        connections(ConnectionLimits.OFF.withPerSec(1).withHandshakes(8));
        EdgeClient3.open(harness);
        EdgeClient3 second = EdgeClient3.connect(harness, "198.51.100.1");
        second.send(VERSION, LinkCodec.frame(second.openFrame()));
        assertThat(second.expectClose(CloseCode.BUSY).retryAfterMillis()).isEqualTo(1_000);
    }

    @Test
    void aHandshakeThatGivesWayIsTold() {
        connections(ConnectionLimits.OFF.withHandshakes(1).withHandshakesPerIp(1));
        EdgeClient3 first = EdgeClient3.connect(harness);
        first.send(VERSION);
        EdgeClient3 second = EdgeClient3.connect(harness);
        first.expectClose(CloseCode.BUSY);
        second.open();
    }

    @Test
    void aLimitOnTheLinksOfAnAddressStandsAgainstAResumeAndChangesNothing() {
        connections(ConnectionLimits.OFF.withPerIp(1).withHandshakes(8));
        EdgeClient3 owner = EdgeClient3.open(harness);
        EdgeClient3.open(harness, "198.51.100.1");
        EdgeClient3 back = owner.again("198.51.100.1");
        back.send(back.challenged(0, 1));
        back.expectClose(CloseCode.BUSY);
        assertThat(owner.isClosed()).isFalse();
        owner.again().resume();
    }

    @Test
    void atTheMemoryLimitNobodyJoins() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        harness.budget.limit(1);
        harness.budget.charge(2);
        EdgeClient3 opening = EdgeClient3.connect(harness);
        opening.send(VERSION, LinkCodec.frame(opening.openFrame()));
        opening.expectClose(CloseCode.BUSY);
        EdgeClient3 resuming = owner.again();
        resuming.send(VERSION, LinkCodec.frame(resuming.resumeFrame(0, 1)));
        resuming.expectClose(CloseCode.BUSY);
        harness.budget.charge(-2);
        assertThat(harness.count(Metric.REJECTED_MEMORY)).isEqualTo(2);
    }

    // ---- a drain

    private void drain() {
        harness.guard.openNoSessions();
        harness.loop.goAway(List.of(new GoAway(30_000)));
        harness.run();
    }

    @Test
    void aDrainSpreadsClientsOverTheOtherServers() {
        List<EdgeClient3> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(EdgeClient3.open(harness));
        }
        harness.loop.goAway(List.of(new GoAway(1, "b:1"), new GoAway(1, "c:1")));
        harness.run();
        List<String> named = new ArrayList<>();
        clients.forEach(client -> named.add(client.expect(GoAway.class).elsewhere()));
        assertThat(named).containsExactlyInAnyOrder("b:1", "b:1", "c:1", "c:1");
    }

    @Test
    void aDrainTellsEachLiveLinkOnceToGoAway() {
        EdgeClient3 client = EdgeClient3.open(harness);
        EdgeClient3 handshake = EdgeClient3.connect(harness);
        handshake.send(VERSION);
        EdgeClient older = harness.open();
        drain();
        assertThat(client.expect(GoAway.class).withinMillis()).isEqualTo(30_000);
        assertThat(older.rest()).as("version 2 has no word for it").isEmpty();
        handshake.send(handshake.openFrame());
        handshake.expectClose(CloseCode.BUSY);
        EdgeClient3 late = EdgeClient3.connect(harness);
        late.send(VERSION, LinkCodec.frame(late.openFrame()));
        late.expectClose(CloseCode.BUSY);
        EdgeClient3 back = client.again().resume();
        LinkFrame next = back.next();
        assertThat(next == null || next instanceof Ack).as("not again").isTrue();
        assertThat(harness.count(Metric.REFUSED_DRAINING)).isEqualTo(2);
    }

    @Test
    void aSlowClientIsToldToGoAwayBehindTheFrameThatItHasBegun() {
        EdgeClient3 client = EdgeClient3.open(harness);
        client.channel.takes(7);
        for (int i = 1; i <= 3; i++) {
            harness.send(client.id, payload(i, 10));
            harness.run();
        }
        drain();
        client.channel.takesAll();
        harness.run();
        assertThat(client.expect(Data.class).payload()).isEqualTo(payload(1, 10));
        client.expect(GoAway.class);
        assertThat(client.data()).containsExactly(payload(2, 10), payload(3, 10));
    }

    @Test
    void aDrainOfManyLinksLeavesTheLoopToItsSocketsInBetween() {
        for (int i = 0; i < 600; i++) {
            EdgeClient3.open(harness);
        }
        EdgeClient3 last = EdgeClient3.open(harness);
        drain();
        harness.advance(Duration.ofMillis(1));
        harness.advance(Duration.ofMillis(1));
        last.expect(GoAway.class);
    }

    @Test
    void aSessionThatWasOpenedRightBeforeTheDrainIsToldAsWell() {
        EdgeClient3 client = EdgeClient3.connect(harness);
        client.channel.receives(concat(VERSION, LinkCodec.frame(client.openFrame())));
        harness.clientLoop.run();
        harness.sessionLoop.run(); // it is open, and its loop does not know yet
        drain();
        client.adopt();
        client.expect(GoAway.class);
    }

    @Test
    void aSlowLinkIsToldOfATakeoverBehindTheFrameThatItHasBegun() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        owner.channel.takes(7);
        for (int i = 1; i <= 3; i++) {
            harness.send(owner.id, payload(i, 10));
            harness.run();
        }
        EdgeClient3 back = owner.again().resume();
        assertThat(back.data()).as("all that is not acknowledged").hasSize(3);
        owner.channel.takesAll();
        harness.run();
        assertThat(owner.expect(Data.class).payload()).isEqualTo(payload(1, 10));
        owner.expectClose(CloseCode.TAKEN_OVER);
    }

    @Test
    void aReplacedLinkThatDoesNotReadGivesItsPlaceAway() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        owner.channel.takes(0);
        harness.send(owner.id, payload(1, 10));
        harness.run();
        owner.again().resume();
        assertThat(owner.channel.isOpen()).isTrue();
        harness.advance(Duration.ofSeconds(5));
        assertThat(owner.channel.wasReset()).isTrue();
    }

    @Test
    void theLinkThatLosesItsSessionIsToldOnce() {
        EdgeClient3 owner = EdgeClient3.open(harness);
        EdgeClient3 back = owner.again();
        back.send(back.challenged(0, 1));
        back.expect(Resumed.class);
        owner.expectClose(CloseCode.TAKEN_OVER);
        back.send(new Data(utf8("mine")));
        assertThat(harness.master.received()).hasSize(1);
    }
}
