package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeHarness.MAX_FRAME_BYTES;
import static net.voltlane.server.edge.EdgeHarness.PEER_TIMEOUT;
import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static net.voltlane.testkit.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.server.edge.EdgeHarness.Master;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that vanish while something is under way to them, and clients that only seem to have vanished. */
@ExtendWith(LeakCheck.class)
final class VanishedClientTest {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration SWEEP = Duration.ofMillis(100);

    private EdgeHarness harness = new EdgeHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    /** A client whose first packet has reached the master. */
    private EdgeClient heard() {
        EdgeClient client = harness.open();
        harness.peers.acknowledges(client.channel);
        client.send(frame(0, 5));
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(0, 5));
        return client;
    }

    private void send(EdgeClient to, int first, int last) {
        for (int i = first; i <= last; i++) {
            harness.send(to.id, payload(i, 10));
            harness.run();
        }
    }

    private static byte[][] numbered(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> payload(i, 10)).toArray(byte[][]::new);
    }

    private void pass(Duration time) {
        for (long left = time.toNanos(); left > 0; left -= SWEEP.toNanos()) {
            harness.advance(SWEEP);
        }
    }

    /** The client's link is cut, and no end of its session was reported. */
    private void expectStale(EdgeClient client) {
        assertThat(client.channel.wasReset()).isTrue();
        assertThat(harness.master.received()).isEmpty();
        assertThat(harness.sessions.staleSize()).isOne();
        assertThat(harness.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isOne();
        assertThat(harness.count(Metric.LINKS_LOST)).isOne();
    }

    private void expectUncut(EdgeClient client) {
        assertThat(client.channel.isActive()).isTrue();
        assertThat(harness.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isZero();
        assertThat(harness.count(Metric.LINKS_LOST)).isZero();
    }

    @Test
    void theSessionOfAVanishedClientGoesStaleAndKeepsWhatTheSocketHadNotTaken() {
        EdgeClient client = heard();
        client.channel.takes(3 + 14); // the second one in part
        send(client, 1, 4);
        harness.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT.plus(LOOK).plus(LOOK));
        expectStale(client);
        assertThat(harness.log.lines()).anyMatch(line -> line.contains("acknowledged nothing for 20 s"));
        send(client, 5, 6);
        EdgeClient back = client.again().resume();
        assertThat(back.data()).containsExactly(numbered(2, 6));
        assertThat(harness.master.received()).containsExactly(Master.reconnected(client.id));
    }

    @Test
    void aVanishedClientIsNoticedAlsoIfTheKernelHasTakenEverything() {
        EdgeClient client = heard();
        send(client, 1, 1);
        harness.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT.plus(LOOK).minus(SWEEP));
        expectUncut(client);
        pass(LOOK);
        expectStale(client);
        assertThat(client.again().resume().data())
                .as("what the kernel had taken is gone")
                .isEmpty();
        assertThat(harness.master.received()).containsExactly(Master.reconnected(client.id));
    }

    @Test
    void aVanishedClientIsNoticedEvenIfItsIdIsAllThatItGot() {
        EdgeClient client = harness.open();
        harness.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT.plus(LOOK).plus(LOOK));
        expectStale(client);
    }

    @Test
    void aResumedLinkIsWatchedAsWell() {
        EdgeClient client = heard();
        client.channel.broken(new IOException("reset by peer"));
        harness.run();
        EdgeClient back = client.again().resume();
        assertThat(harness.master.received()).containsExactly(Master.reconnected(client.id));
        harness.peers.isSilent(back.channel);
        pass(PEER_TIMEOUT.plus(LOOK).plus(LOOK));
        assertThat(back.channel.wasReset()).isTrue();
        assertThat(harness.sessions.staleSize()).isOne();
        assertThat(harness.master.received()).isEmpty();
    }

    @Test
    void aLiveClientThatDoesNotReadIsKeptUntilItsBound() {
        harness.close();
        harness = new EdgeHarness(new EdgeSettings(
                MAX_FRAME_BYTES,
                EdgeHarness.HANDSHAKE_TIMEOUT.toNanos(),
                new QueueBounds(3, 1_000_000),
                false,
                PEER_TIMEOUT.toNanos()));
        EdgeClient client = heard();
        client.channel.takes(0);
        harness.peers.doesNotRead(client.channel);
        send(client, 1, 3);
        pass(PEER_TIMEOUT.multipliedBy(5));
        expectUncut(client);
        send(client, 4, 4);
        assertThat(harness.master.received()).containsExactly(Master.failed(client.id, Reason.BUFFER_OVERFLOW));
        assertThat(harness.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isZero();
    }

    /** More packets than the bound arrive between the cut and the session's answer. */
    @Test
    void aVanishedClientDoesNotOverflowOnceItIsNoticed() {
        harness.close();
        harness = new EdgeHarness(new EdgeSettings(
                MAX_FRAME_BYTES,
                EdgeHarness.HANDSHAKE_TIMEOUT.toNanos(),
                new QueueBounds(3, 1_000_000),
                false,
                PEER_TIMEOUT.toNanos()));
        EdgeClient client = heard();
        client.channel.takes(0);
        send(client, 1, 3);
        harness.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT.plus(LOOK).minus(SWEEP));
        for (int i = 4; i <= 9; i++) {
            harness.send(client.id, payload(i, 10));
        }
        harness.sessionLoop.run(); // it is on its way between the loops
        harness.clock.advance(SWEEP);
        harness.loop.sweep();
        harness.run();
        expectStale(client);
        assertThat(client.again().resume().data()).containsExactly(numbered(1, 9));
    }

    @Test
    void aClientThatTakesWhatWaitedIsWatchedOnUntilItHasAcknowledgedIt() {
        EdgeClient client = heard();
        client.channel.takes(0);
        harness.peers.doesNotRead(client.channel);
        send(client, 1, 2);
        pass(LOOK.multipliedBy(5));
        client.channel.takesAll();
        harness.run();
        harness.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT.plus(LOOK).plus(LOOK));
        expectStale(client);
    }

    @Test
    void theKernelIsNeverAskedAboutAnIdleClient() {
        heard();
        pass(LOOK.multipliedBy(3));
        harness.peers.asks();
        pass(PEER_TIMEOUT.multipliedBy(3));
        assertThat(harness.peers.asks()).isZero();
    }

    @Test
    void withoutATimeoutTheKernelIsAskedAboutNoClient() {
        harness.close();
        harness = new EdgeHarness(new EdgeSettings(
                MAX_FRAME_BYTES, EdgeHarness.HANDSHAKE_TIMEOUT.toNanos(), new QueueBounds(100, 1_000_000), false, 0));
        EdgeClient client = heard();
        harness.peers.isSilent(client.channel);
        send(client, 1, 3);
        pass(PEER_TIMEOUT.multipliedBy(3));
        assertThat(harness.peers.asks()).isZero();
        expectUncut(client);
    }

    // ---- links that are ending for another reason

    @Test
    void aLinkThatIsLostForAnotherReasonIsReportedOnce() {
        EdgeClient client = heard();
        send(client, 1, 1);
        harness.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT);
        client.channel.broken(new IOException("reset by peer"));
        harness.run();
        pass(PEER_TIMEOUT);
        assertThat(harness.count(Metric.LINKS_LOST)).isOne();
        assertThat(harness.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isZero();
        assertThat(harness.sessions.staleSize()).isOne();
    }

    /** The session loop is behind: the link waits to be detached, LEAVING, while its time passes. */
    @Test
    void aLinkThatWaitsToBeDetachedIsNotReportedAgain() {
        EdgeClient client = heard();
        send(client, 1, 1);
        harness.peers.isSilent(client.channel);
        client.channel.receives(hex("FFFFFFFF"));
        harness.clientLoop.run();
        for (int i = 0; i < 400; i++) {
            harness.clock.advance(SWEEP);
            harness.loop.sweep();
            harness.clientLoop.run();
        }
        assertThat(harness.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isZero();
        harness.run();
        assertThat(harness.master.received()).containsExactly(Master.failed(client.id, Reason.FRAME_TOO_LARGE));
        assertThat(harness.count(Metric.LINKS_LOST)).isZero();
    }

    @Test
    void aLinkThatDeliversItsLastPacketsIsGivenUpByItsOwnDeadline() {
        EdgeClient client = heard();
        client.channel.takes(0);
        send(client, 1, 2);
        harness.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT);
        harness.sessions.kick(client.id);
        harness.run();
        assertThat(harness.master.received()).containsExactly(Master.failed(client.id, Reason.CLIENT_KICKED));
        pass(PEER_TIMEOUT);
        assertThat(client.channel.wasReset()).isTrue();
        assertThat(harness.count(Metric.LINKS_RESET)).isOne();
        assertThat(harness.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isZero();
        assertThat(harness.count(Metric.LINKS_LOST)).isZero();
        assertThat(harness.master.received()).isEmpty();
    }

    @Test
    void aLinkThatWasTakenOverIsNotReported() {
        EdgeClient old = heard();
        send(old, 1, 1);
        harness.peers.isSilent(old.channel);
        pass(PEER_TIMEOUT);
        EdgeClient next = old.again().resume();
        harness.peers.acknowledges(next.channel);
        pass(PEER_TIMEOUT);
        assertThat(harness.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isZero();
        assertThat(harness.count(Metric.LINKS_LOST)).isZero();
        assertThat(harness.sessions.staleSize()).isZero();
        next.send(frame(2, 5));
        assertThat(harness.master.received())
                .containsExactly(Master.reconnected(old.id), Master.data(old.id, payload(2, 5)));
    }

    /** Kicked, taken over or resumed while the loops had not yet told each other. */
    @Test
    void aKickThatCrossesTheLossEndsTheSessionOnce() {
        EdgeClient client = heard();
        send(client, 1, 1);
        harness.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT.plus(LOOK).minus(SWEEP));
        harness.sessions.kick(client.id);
        harness.clock.advance(SWEEP);
        harness.loop.sweep();
        harness.run();
        assertThat(harness.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isOne();
        assertThat(harness.master.received()).containsExactly(Master.failed(client.id, Reason.CLIENT_KICKED));
        assertThat(harness.sessions.size()).isZero();
    }

    @Test
    void aClientThatKeepaliveGaveUpOnIsCounted() {
        EdgeClient client = heard();
        client.channel.broken(new IOException("Connection timed out"));
        harness.run();
        assertThat(harness.count(Metric.CLIENT_PEER_QUIET)).isOne();
        assertThat(harness.sessions.staleSize()).isOne();
    }
}
