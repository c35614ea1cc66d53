package net.voltlane.server.uplink;

import static net.voltlane.server.uplink.UplinkHarness.data;
import static net.voltlane.server.uplink.UplinkHarness.heard;
import static net.voltlane.server.uplink.UplinkHarness.packets;
import static net.voltlane.server.uplink.UplinkHarness.reconnection;
import static net.voltlane.testkit.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A master that has vanished, and a live master that is slow to answer. */
@ExtendWith(LeakCheck.class)
final class VanishedMasterTest {
    private static final Duration TIMEOUT = Duration.ofNanos(UplinkHarness.SETTINGS.peerTimeoutNanos());
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration SWEEP = Duration.ofMillis(100);

    private UplinkHarness harness = new UplinkHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    private void pass(Duration time) {
        for (long left = time.toNanos(); left > 0; left -= SWEEP.toNanos()) {
            harness.loop.advance(SWEEP);
        }
    }

    @Test
    void itIsDialledAgainAndGetsWhatItsSocketHadNotWhollyTaken() {
        FakeChannel first = harness.connect();
        UplinkHarness.Link live = harness.open();
        harness.peers.acknowledges(first);
        byte[] taken = data(live.id, 1, 5);
        first.takes(taken.length + 3);
        harness.up(taken, data(live.id, 2, 6), data(live.id, 3, 7));
        harness.peers.isSilent(first);
        pass(LOOK.plus(TIMEOUT).minus(SWEEP));
        assertThat(first.isActive()).isTrue();
        pass(LOOK.plus(SWEEP));
        assertThat(first.wasReset()).isTrue();
        assertThat(harness.count(Metric.MASTER_PEER_UNACKNOWLEDGED)).isOne();
        assertThat(harness.count(Metric.MASTER_LOST)).isOne();
        assertThat(harness.log.lines()).anyMatch(line -> line.contains("link lost (acknowledged nothing for 20 s)"));
        pass(Duration.ofSeconds(1));
        FakeChannel second = harness.accept();
        assertThat(heard(second))
                .containsExactlyElementsOf(
                        packets(concat(reconnection(live.id), data(live.id, 2, 6), data(live.id, 3, 7))));
    }

    @Test
    void itIsNoticedAlsoWhereTheKernelHasTakenAllOfIt() {
        FakeChannel first = harness.connect();
        harness.up(data(1, 1, 5));
        harness.peers.isSilent(first);
        pass(LOOK.plus(TIMEOUT).plus(LOOK));
        assertThat(first.wasReset()).isTrue();
    }

    @Test
    void oneThatDoesNotReadIsKeptHoweverLong() {
        FakeChannel master = harness.connect();
        harness.peers.doesNotRead(master);
        master.takes(0);
        harness.up(data(1, 1, 5));
        pass(TIMEOUT.multipliedBy(5));
        assertThat(master.isActive()).isTrue();
        assertThat(harness.count(Metric.MASTER_LOST)).isZero();
        master.takesAll();
        harness.loop.run();
        assertThat(heard(master)).containsExactlyElementsOf(packets(data(1, 1, 5)));
    }

    @Test
    void aQuietMasterIsKept() {
        FakeChannel master = harness.connect();
        harness.peers.acknowledges(master);
        pass(TIMEOUT.multipliedBy(5));
        assertThat(master.isActive()).isTrue();
    }

    @Test
    void theNextLinksTimeIsItsOwn() {
        FakeChannel first = harness.connect();
        harness.peers.isSilent(first);
        pass(TIMEOUT);
        harness.lose(first);
        pass(Duration.ofSeconds(1));
        FakeChannel second = harness.accept();
        harness.peers.isSilent(second);
        pass(TIMEOUT);
        assertThat(second.isActive()).isTrue();
        assertThat(harness.count(Metric.MASTER_PEER_UNACKNOWLEDGED)).isZero();
        pass(LOOK.plus(LOOK));
        assertThat(second.wasReset()).isTrue();
        assertThat(harness.count(Metric.MASTER_PEER_UNACKNOWLEDGED)).isOne();
        assertThat(harness.count(Metric.MASTER_LOST)).isEqualTo(2);
    }

    @Test
    void whatIsLeftToSayAtAStopGoesToTheNextLink() {
        FakeChannel first = harness.connect();
        first.takes(0);
        harness.peers.isSilent(first);
        harness.queue(data(1, 1, 5));
        harness.uplink.finish(() -> harness.said.add("finished"));
        pass(LOOK.plus(TIMEOUT).plus(LOOK).plusSeconds(1));
        FakeChannel second = harness.accept();
        assertThat(heard(second)).containsExactlyElementsOf(packets(data(1, 1, 5)));
    }

    @Test
    void withoutATimeoutItIsNotAskedFor() {
        harness.close();
        UplinkSettings some = UplinkHarness.SETTINGS;
        harness = new UplinkHarness(new UplinkSettings(
                some.host(),
                some.port(),
                some.maxFrameBytes(),
                some.queuePackets(),
                some.queueBytes(),
                some.reconnectTimeoutNanos(),
                0));
        FakeChannel master = harness.connect();
        harness.peers.isSilent(master);
        harness.up(data(1, 1, 5));
        pass(TIMEOUT.multipliedBy(3));
        assertThat(harness.peers.asks()).isZero();
        assertThat(master.isActive()).isTrue();
    }

    @Test
    void whatKeepaliveFoundOutIsCounted() {
        FakeChannel master = harness.connect();
        master.broken(new IOException("Connection timed out"));
        harness.loop.run();
        assertThat(harness.count(Metric.MASTER_PEER_QUIET)).isOne();
        assertThat(harness.count(Metric.MASTER_LOST)).isOne();
    }
}
