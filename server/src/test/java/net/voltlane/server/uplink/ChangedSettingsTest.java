package net.voltlane.server.uplink;

import static net.voltlane.server.uplink.UplinkHarness.data;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.time.Duration;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Settings of the uplink that are replaced while its link, or its next dial, is under way. */
@ExtendWith(LeakCheck.class)
final class ChangedSettingsTest {
    private static final Duration SWEEP = Duration.ofMillis(100);

    private final UplinkHarness harness = new UplinkHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private static UplinkSettings settings(long packets, long bytes, Duration reconnect, Duration peer) {
        UplinkSettings some = UplinkHarness.SETTINGS;
        return new UplinkSettings(
                some.host(), some.port(), some.maxFrameBytes(), packets, bytes, reconnect.toNanos(), peer.toNanos());
    }

    private static UplinkSettings bounds(long packets, long bytes) {
        return settings(packets, bytes, Duration.ofSeconds(30), Duration.ofSeconds(20));
    }

    private static UplinkSettings peerTimeout(Duration timeout) {
        return settings(1_000, 10_000_000, Duration.ofSeconds(30), timeout);
    }

    private void pass(Duration time) {
        for (long left = time.toNanos(); left > 0; left -= SWEEP.toNanos()) {
            harness.loop.advance(SWEEP);
        }
    }

    @Test
    void lowerBoundsHoldClientsBackAtOnceAndHigherOnesLetThemGoOn() {
        harness.connect().takes(0);
        harness.up(data(1, 1, 100), data(1, 2, 100), data(1, 3, 100));
        assertThat(harness.gate.isShut()).isFalse();
        harness.uplink.settings(bounds(2, 10_000_000));
        assertThat(harness.gate.isShut()).isTrue();
        harness.uplink.settings(bounds(1_000, 10_000_000));
        assertThat(harness.gate.isShut()).isFalse();
        harness.uplink.settings(bounds(1_000, 200));
        assertThat(harness.gate.isShut()).isTrue();
    }

    @Test
    void theShareOfTheBudgetFollowsTheBound() {
        harness.connect().takes(0);
        harness.up(data(1, 1, 10_000));
        long held = harness.budget.heldBytes();
        harness.uplink.settings(bounds(1_000, 100));
        assertThat(harness.budget.chargedBytes()).isEqualTo(100);
        assertThat(harness.budget.heldBytes()).isEqualTo(held);
        harness.uplink.settings(bounds(1_000, 10_000_000));
        assertThat(harness.budget.chargedBytes()).isEqualTo(held);
    }

    @Test
    void aShorterTimeEndsTheDiallingAtTheNextFailure() {
        FakeChannel master = harness.connect();
        harness.lose(master);
        pass(Duration.ofSeconds(2));
        harness.uplink.settings(settings(1_000, 10_000_000, Duration.ofSeconds(1), Duration.ZERO));
        harness.dialled().refused(new ConnectException("Connection refused: /127.0.0.1:42001"));
        harness.loop.run();
        assertThat(harness.said).last().asString().contains("could not be reached for 1 s");
    }

    @Test
    void aLongerTimeGoesOnDialling() {
        FakeChannel master = harness.connect();
        harness.lose(master);
        harness.uplink.settings(settings(1_000, 10_000_000, Duration.ofSeconds(300), Duration.ZERO));
        pass(Duration.ofSeconds(60));
        harness.dialled().refused(new ConnectException("Connection refused: /127.0.0.1:42001"));
        harness.loop.run();
        assertThat(harness.said).containsExactly("reached");
    }

    @Test
    void aShorterPeerTimeoutFindsAMasterThatHasVanishedBefore() {
        FakeChannel master = harness.connect();
        harness.up(data(1, 1, 5));
        harness.peers.isSilent(master);
        pass(Duration.ofSeconds(5));
        harness.uplink.settings(peerTimeout(Duration.ofSeconds(2)));
        pass(Duration.ofSeconds(3));
        assertThat(master.wasReset()).isTrue();
        assertThat(harness.log.lines()).anyMatch(line -> line.contains("acknowledged nothing for 2 s"));
    }

    @Test
    void aPeerTimeoutCanBeTakenAwayAndGivenAgain() {
        FakeChannel master = harness.connect();
        harness.up(data(1, 1, 5));
        harness.peers.isSilent(master);
        harness.uplink.settings(peerTimeout(Duration.ZERO));
        pass(Duration.ofSeconds(60));
        assertThat(master.isActive()).isTrue();
        harness.uplink.settings(peerTimeout(Duration.ofSeconds(20)));
        pass(Duration.ofSeconds(23));
        assertThat(harness.count(Metric.MASTER_PEER_UNACKNOWLEDGED)).isOne();
    }

    @Test
    void aLinkKeepsItsLargestFrameAndTheNextOneHasTheNew() {
        UplinkSettings some = UplinkHarness.SETTINGS;
        FakeChannel first = harness.connect();
        harness.uplink.settings(new UplinkSettings(
                some.host(),
                some.port(),
                20,
                some.queuePackets(),
                some.queueBytes(),
                some.reconnectTimeoutNanos(),
                some.peerTimeoutNanos()));
        first.receives(data(1, 1, 5_000));
        harness.loop.run();
        assertThat(first.isActive()).isTrue();
        FakeChannel second = harness.reconnect(first);
        second.receives(data(1, 1, 5_000));
        harness.loop.run();
        assertThat(harness.count(Metric.MASTER_LOST)).isEqualTo(2);
    }
}
