package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeBench.MAX_FRAME_BYTES;
import static net.voltlane.server.edge.EdgeBench.PEER_TIMEOUT;
import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static net.voltlane.testkit.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;
import net.voltlane.protocol.Reason;
import net.voltlane.server.edge.EdgeBench.Master;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that are gone without a word while something was under way to them, and those that only look like it. */
@ExtendWith(LeakCheck.class)
final class VanishedClientTest {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration SWEEP = Duration.ofMillis(100);

    private EdgeBench bench = new EdgeBench();

    @AfterEach
    void close() {
        bench.close();
    }

    /** A client that the master has heard of. */
    private EdgeClient heard() {
        EdgeClient client = bench.open();
        bench.peers.acknowledges(client.channel);
        client.send(frame(0, 5));
        assertThat(bench.master.dataOf(client.id)).containsExactly(payload(0, 5));
        return client;
    }

    private void send(EdgeClient to, int first, int last) {
        for (int i = first; i <= last; i++) {
            bench.send(to.id, payload(i, 10));
            bench.run();
        }
    }

    private static byte[][] numbered(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> payload(i, 10)).toArray(byte[][]::new);
    }

    private void pass(Duration time) {
        for (long left = time.toNanos(); left > 0; left -= SWEEP.toNanos()) {
            bench.advance(SWEEP);
        }
    }

    /** Its link is cut, and nobody was told of an end. */
    private void expectStale(EdgeClient client) {
        assertThat(client.channel.wasReset()).isTrue();
        assertThat(bench.master.heard()).isEmpty();
        assertThat(bench.sessions.staleSize()).isOne();
        assertThat(bench.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isOne();
        assertThat(bench.count(Metric.LINKS_LOST)).isOne();
    }

    private void expectUncut(EdgeClient client) {
        assertThat(client.channel.isActive()).isTrue();
        assertThat(bench.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isZero();
        assertThat(bench.count(Metric.LINKS_LOST)).isZero();
    }

    @Test
    void itsSessionGoesStaleAndWhatItsSocketHadNotTakenWaitsForIt() {
        EdgeClient client = heard();
        client.channel.takes(3 + 14); // the second one in part
        send(client, 1, 4);
        bench.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT.plus(LOOK).plus(LOOK));
        expectStale(client);
        assertThat(bench.log.lines()).anyMatch(line -> line.contains("acknowledged nothing for 20 s"));
        send(client, 5, 6);
        EdgeClient back = client.again().resume();
        assertThat(back.data()).containsExactly(numbered(2, 6));
        assertThat(bench.master.heard()).containsExactly(Master.reconnected(client.id));
    }

    @Test
    void itIsNoticedAlsoWhereTheKernelHasTakenAllOfIt() {
        EdgeClient client = heard();
        send(client, 1, 1);
        bench.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT.plus(LOOK).minus(SWEEP));
        expectUncut(client);
        pass(LOOK);
        expectStale(client);
        assertThat(client.again().resume().data())
                .as("what the kernel had taken is gone")
                .isEmpty();
        assertThat(bench.master.heard()).containsExactly(Master.reconnected(client.id));
    }

    @Test
    void itIsNoticedEvenIfAllThatItEverGotIsItsId() {
        EdgeClient client = bench.open();
        bench.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT.plus(LOOK).plus(LOOK));
        expectStale(client);
    }

    @Test
    void aResumedLinkIsWatchedAsWell() {
        EdgeClient client = heard();
        client.channel.broken(new IOException("reset by peer"));
        bench.run();
        EdgeClient back = client.again().resume();
        assertThat(bench.master.heard()).containsExactly(Master.reconnected(client.id));
        bench.peers.isSilent(back.channel);
        pass(PEER_TIMEOUT.plus(LOOK).plus(LOOK));
        assertThat(back.channel.wasReset()).isTrue();
        assertThat(bench.sessions.staleSize()).isOne();
        assertThat(bench.master.heard()).isEmpty();
    }

    @Test
    void oneThatLivesAndDoesNotReadIsKeptAndItsBoundDecides() {
        bench.close();
        bench = new EdgeBench(new EdgeSettings(
                MAX_FRAME_BYTES, EdgeBench.HANDSHAKE_TIMEOUT.toNanos(), 3, 1_000_000, false, PEER_TIMEOUT.toNanos()));
        EdgeClient client = heard();
        client.channel.takes(0);
        bench.peers.doesNotRead(client.channel);
        send(client, 1, 3);
        pass(PEER_TIMEOUT.multipliedBy(5));
        expectUncut(client);
        send(client, 4, 4);
        assertThat(bench.master.heard()).containsExactly(Master.failed(client.id, Reason.BUFFER_OVERFLOW));
        assertThat(bench.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isZero();
    }

    /** Between the cut and the session's answer more comes, over the bound. */
    @Test
    void onceItIsFoundOutItCanNotOverflowAnyMore() {
        bench.close();
        bench = new EdgeBench(new EdgeSettings(
                MAX_FRAME_BYTES, EdgeBench.HANDSHAKE_TIMEOUT.toNanos(), 3, 1_000_000, false, PEER_TIMEOUT.toNanos()));
        EdgeClient client = heard();
        client.channel.takes(0);
        send(client, 1, 3);
        bench.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT.plus(LOOK).minus(SWEEP));
        for (int i = 4; i <= 9; i++) {
            bench.send(client.id, payload(i, 10));
        }
        bench.sessionLoop.run(); // it is on its way between the loops
        bench.clock.advance(SWEEP);
        bench.loop.sweep();
        bench.run();
        expectStale(client);
        assertThat(client.again().resume().data()).containsExactly(numbered(1, 9));
    }

    @Test
    void aClientThatTakesWhatWaitedIsWatchedOnUntilItHasAcknowledgedIt() {
        EdgeClient client = heard();
        client.channel.takes(0);
        bench.peers.doesNotRead(client.channel);
        send(client, 1, 2);
        pass(LOOK.multipliedBy(5));
        client.channel.takesAll();
        bench.run();
        bench.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT.plus(LOOK).plus(LOOK));
        expectStale(client);
    }

    @Test
    void anIdleClientIsNeverAskedFor() {
        heard();
        pass(LOOK.multipliedBy(3));
        bench.peers.asks();
        pass(PEER_TIMEOUT.multipliedBy(3));
        assertThat(bench.peers.asks()).isZero();
    }

    @Test
    void withoutATimeoutNobodyIsAskedFor() {
        bench.close();
        bench = new EdgeBench(
                new EdgeSettings(MAX_FRAME_BYTES, EdgeBench.HANDSHAKE_TIMEOUT.toNanos(), 100, 1_000_000, false, 0));
        EdgeClient client = heard();
        bench.peers.isSilent(client.channel);
        send(client, 1, 3);
        pass(PEER_TIMEOUT.multipliedBy(3));
        assertThat(bench.peers.asks()).isZero();
        expectUncut(client);
    }

    // ---- links that are ending for another reason

    @Test
    void aLinkThatIsLostOtherwiseIsReportedOnce() {
        EdgeClient client = heard();
        send(client, 1, 1);
        bench.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT);
        client.channel.broken(new IOException("reset by peer"));
        bench.run();
        pass(PEER_TIMEOUT);
        assertThat(bench.count(Metric.LINKS_LOST)).isOne();
        assertThat(bench.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isZero();
        assertThat(bench.sessions.staleSize()).isOne();
    }

    /** The session loop is behind: the link waits to be detached, LEAVING, while its time passes. */
    @Test
    void aLinkThatWaitsToBeDetachedIsNotReportedAgain() {
        EdgeClient client = heard();
        send(client, 1, 1);
        bench.peers.isSilent(client.channel);
        client.channel.receives(hex("FFFFFFFF"));
        bench.clientLoop.run();
        for (int i = 0; i < 400; i++) {
            bench.clock.advance(SWEEP);
            bench.loop.sweep();
            bench.clientLoop.run();
        }
        assertThat(bench.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isZero();
        bench.run();
        assertThat(bench.master.heard()).containsExactly(Master.failed(client.id, Reason.FRAME_TOO_LARGE));
        assertThat(bench.count(Metric.LINKS_LOST)).isZero();
    }

    @Test
    void aLinkThatDeliversItsLastIsGivenUpByItsOwnDeadline() {
        EdgeClient client = heard();
        client.channel.takes(0);
        send(client, 1, 2);
        bench.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT);
        bench.sessions.kick(client.id);
        bench.run();
        assertThat(bench.master.heard()).containsExactly(Master.failed(client.id, Reason.CLIENT_KICKED));
        pass(PEER_TIMEOUT);
        assertThat(client.channel.wasReset()).isTrue();
        assertThat(bench.count(Metric.LINKS_RESET)).isOne();
        assertThat(bench.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isZero();
        assertThat(bench.count(Metric.LINKS_LOST)).isZero();
        assertThat(bench.master.heard()).isEmpty();
    }

    @Test
    void aLinkThatWasTakenOverIsNotReported() {
        EdgeClient old = heard();
        send(old, 1, 1);
        bench.peers.isSilent(old.channel);
        pass(PEER_TIMEOUT);
        EdgeClient next = old.again().resume();
        bench.peers.acknowledges(next.channel);
        pass(PEER_TIMEOUT);
        assertThat(bench.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isZero();
        assertThat(bench.count(Metric.LINKS_LOST)).isZero();
        assertThat(bench.sessions.staleSize()).isZero();
        next.send(frame(2, 5));
        assertThat(bench.master.heard())
                .containsExactly(Master.reconnected(old.id), Master.data(old.id, payload(2, 5)));
    }

    /** Kicked, taken over or resumed while the loops had not yet told each other. */
    @Test
    void aKickThatCrossesTheLossEndsTheSessionOnce() {
        EdgeClient client = heard();
        send(client, 1, 1);
        bench.peers.isSilent(client.channel);
        pass(PEER_TIMEOUT.plus(LOOK).minus(SWEEP));
        bench.sessions.kick(client.id);
        bench.clock.advance(SWEEP);
        bench.loop.sweep();
        bench.run();
        assertThat(bench.count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isOne();
        assertThat(bench.master.heard()).containsExactly(Master.failed(client.id, Reason.CLIENT_KICKED));
        assertThat(bench.sessions.size()).isZero();
    }

    @Test
    void whatKeepaliveFoundOutIsCounted() {
        EdgeClient client = heard();
        client.channel.broken(new IOException("Connection timed out"));
        bench.run();
        assertThat(bench.count(Metric.CLIENT_PEER_QUIET)).isOne();
        assertThat(bench.sessions.staleSize()).isOne();
    }
}
