package net.voltlane.server.edge;

import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.server.edge.EdgeHarness.Master;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Settings of a loop that are replaced while handshakes and links are on it. */
@ExtendWith(LeakCheck.class)
final class ChangedSettingsTest {
    private static final boolean BLOCK = true;
    private static final boolean FAIL = false;

    private final EdgeHarness harness = new EdgeHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private void replace(EdgeSettings next) {
        harness.loop.settings(next);
        harness.run();
    }

    private void channel(int packets, boolean blocks) {
        replace(new EdgeSettings(
                EdgeHarness.MAX_FRAME_BYTES,
                EdgeHarness.HANDSHAKE_TIMEOUT.toNanos(),
                new QueueBounds(packets, 1_000_000),
                blocks,
                EdgeHarness.PEER_TIMEOUT.toNanos()));
    }

    private void timeouts(Duration handshake, Duration peer) {
        replace(new EdgeSettings(
                EdgeHarness.MAX_FRAME_BYTES,
                handshake.toNanos(),
                EdgeHarness.SETTINGS.channel(),
                FAIL,
                peer.toNanos()));
    }

    private EdgeClient heard() {
        EdgeClient client = harness.openHeard();
        harness.run();
        return client;
    }

    private void send(EdgeClient to, int packets) {
        for (int i = 0; i < packets; i++) {
            harness.send(to.id, payload(i, 10));
            harness.run();
        }
    }

    @Test
    void aLowerBoundMeetsTheNextPacketOfALinkThatWasThereBefore() {
        EdgeClient client = heard();
        client.channel.takes(0);
        send(client, 3);
        channel(2, FAIL);
        assertThat(harness.master.received()).isEmpty();
        send(client, 1);
        assertThat(harness.master.received()).containsExactly(Master.failed(client.id, Reason.BUFFER_OVERFLOW));
    }

    @Test
    void theFirehoseWaitsByTheNewPolicy() {
        EdgeClient client = heard();
        client.channel.takes(0);
        channel(2, BLOCK);
        send(client, 3);
        assertThat(harness.master.blocked).isTrue();
        assertThat(harness.master.received()).isEmpty();
    }

    @Test
    void whoeverTheFirehoseWaitsForFailsByTheNewPolicyAtOnce() {
        channel(2, BLOCK);
        EdgeClient client = heard();
        client.channel.takes(0);
        send(client, 3);
        channel(2, FAIL);
        assertThat(harness.master.blocked).isFalse();
        assertThat(harness.master.received()).containsExactly(Master.failed(client.id, Reason.BUFFER_OVERFLOW));
    }

    @Test
    void theFirehoseGoesOnAtOnceWhereTheBoundIsHighEnoughNow() {
        channel(2, BLOCK);
        EdgeClient client = heard();
        client.channel.takes(0);
        send(client, 3);
        channel(100, BLOCK);
        assertThat(harness.master.blocked).isFalse();
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void theFirehoseGoesOnWhereThePolicyChangesForALinkBelowItsBound() {
        channel(3, BLOCK);
        EdgeClient client = heard();
        client.channel.takes(0);
        send(client, 4);
        assertThat(harness.master.blocked).isTrue();
        channel(5, FAIL);
        assertThat(harness.master.blocked).isFalse();
        assertThat(harness.master.received()).isEmpty();
    }

    @Test
    void newLinksHaveTheNewLargestFrameAndOldOnesKeepTheirs() {
        EdgeClient old = heard();
        replace(new EdgeSettings(
                10,
                EdgeHarness.HANDSHAKE_TIMEOUT.toNanos(),
                EdgeHarness.SETTINGS.channel(),
                FAIL,
                EdgeHarness.PEER_TIMEOUT.toNanos()));
        old.send(frame(1, 50));
        harness.run();
        assertThat(harness.master.dataOf(old.id)).containsExactly(payload(1, 50));
        EdgeClient next = heard();
        next.send(frame(1, 50));
        harness.run();
        assertThat(harness.master.received()).containsExactly(Master.failed(next.id, Reason.FRAME_TOO_LARGE));
    }

    @Test
    void aHandshakeUnderWayHasNoMoreTimeThanANewOne() {
        EdgeClient client = harness.connect();
        timeouts(Duration.ofSeconds(2), EdgeHarness.PEER_TIMEOUT);
        harness.advance(Duration.ofSeconds(2));
        assertThat(harness.count(Metric.REJECTED_TIMEOUT)).isOne();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void aNewHandshakeHasTheNewTime() {
        timeouts(Duration.ofSeconds(60), EdgeHarness.PEER_TIMEOUT);
        EdgeClient client = harness.connect();
        harness.advance(Duration.ofSeconds(59));
        assertThat(client.isClosed()).isFalse();
        harness.advance(Duration.ofSeconds(2));
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void aPeerTimeoutHoldsForLinksThatWereThereBefore() {
        EdgeClient client = heard();
        send(client, 1);
        harness.peers.isSilent(client.channel);
        timeouts(EdgeHarness.HANDSHAKE_TIMEOUT, Duration.ofSeconds(2));
        harness.advance(Duration.ofSeconds(5));
        assertThat(client.channel.wasReset()).isTrue();
        assertThat(harness.log.lines()).anyMatch(line -> line.contains("acknowledged nothing for 2 s"));
    }

    @Test
    void aPeerTimeoutCanBeTakenAwayAndGivenAgain() {
        EdgeClient client = heard();
        send(client, 1);
        timeouts(EdgeHarness.HANDSHAKE_TIMEOUT, Duration.ZERO);
        harness.peers.isSilent(client.channel);
        send(client, 1);
        harness.advance(Duration.ofSeconds(60));
        assertThat(client.isClosed()).isFalse();
        timeouts(EdgeHarness.HANDSHAKE_TIMEOUT, EdgeHarness.PEER_TIMEOUT);
        send(client, 1);
        harness.advance(EdgeHarness.PEER_TIMEOUT.plusSeconds(3));
        assertThat(client.channel.wasReset()).isTrue();
    }
}
