package net.voltlane.server.uplink;

import static net.voltlane.server.uplink.UplinkBench.data;
import static net.voltlane.server.uplink.UplinkBench.heard;
import static net.voltlane.server.uplink.UplinkBench.packets;
import static net.voltlane.server.uplink.UplinkBench.reconnection;
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

/** A master that is gone without a word, and one that only looks like it. */
@ExtendWith(LeakCheck.class)
final class VanishedMasterTest {
    private static final Duration TIMEOUT = Duration.ofNanos(UplinkBench.SETTINGS.peerTimeoutNanos());
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration SWEEP = Duration.ofMillis(100);

    private UplinkBench bench = new UplinkBench();

    @AfterEach
    void close() {
        bench.close();
    }

    private void pass(Duration time) {
        for (long left = time.toNanos(); left > 0; left -= SWEEP.toNanos()) {
            bench.loop.advance(SWEEP);
        }
    }

    @Test
    void itIsDialledAgainAndGetsWhatItsSocketHadNotWhollyTaken() {
        FakeChannel first = bench.connect();
        UplinkBench.Link live = bench.open();
        bench.peers.acknowledges(first);
        byte[] taken = data(live.id, 1, 5);
        first.takes(taken.length + 3);
        bench.up(taken, data(live.id, 2, 6), data(live.id, 3, 7));
        bench.peers.isSilent(first);
        pass(LOOK.plus(TIMEOUT).minus(SWEEP));
        assertThat(first.isActive()).isTrue();
        pass(LOOK.plus(SWEEP));
        assertThat(first.wasReset()).isTrue();
        assertThat(bench.count(Metric.MASTER_PEER_UNACKNOWLEDGED)).isOne();
        assertThat(bench.count(Metric.MASTER_LOST)).isOne();
        assertThat(bench.log.lines()).anyMatch(line -> line.contains("link lost (acknowledged nothing for 20 s)"));
        pass(Duration.ofSeconds(1));
        FakeChannel second = bench.accept();
        assertThat(heard(second))
                .containsExactlyElementsOf(
                        packets(concat(reconnection(live.id), data(live.id, 2, 6), data(live.id, 3, 7))));
    }

    @Test
    void itIsNoticedAlsoWhereTheKernelHasTakenAllOfIt() {
        FakeChannel first = bench.connect();
        bench.up(data(1, 1, 5));
        bench.peers.isSilent(first);
        pass(LOOK.plus(TIMEOUT).plus(LOOK));
        assertThat(first.wasReset()).isTrue();
    }

    @Test
    void oneThatDoesNotReadIsKeptHoweverLong() {
        FakeChannel master = bench.connect();
        bench.peers.doesNotRead(master);
        master.takes(0);
        bench.up(data(1, 1, 5));
        pass(TIMEOUT.multipliedBy(5));
        assertThat(master.isActive()).isTrue();
        assertThat(bench.count(Metric.MASTER_LOST)).isZero();
        master.takesAll();
        bench.loop.run();
        assertThat(heard(master)).containsExactlyElementsOf(packets(data(1, 1, 5)));
    }

    @Test
    void aQuietMasterIsKept() {
        FakeChannel master = bench.connect();
        bench.peers.acknowledges(master);
        pass(TIMEOUT.multipliedBy(5));
        assertThat(master.isActive()).isTrue();
    }

    @Test
    void theNextLinksTimeIsItsOwn() {
        FakeChannel first = bench.connect();
        bench.peers.isSilent(first);
        pass(TIMEOUT);
        bench.lose(first);
        pass(Duration.ofSeconds(1));
        FakeChannel second = bench.accept();
        bench.peers.isSilent(second);
        pass(TIMEOUT);
        assertThat(second.isActive()).isTrue();
        assertThat(bench.count(Metric.MASTER_PEER_UNACKNOWLEDGED)).isZero();
        pass(LOOK.plus(LOOK));
        assertThat(second.wasReset()).isTrue();
        assertThat(bench.count(Metric.MASTER_PEER_UNACKNOWLEDGED)).isOne();
        assertThat(bench.count(Metric.MASTER_LOST)).isEqualTo(2);
    }

    @Test
    void whatIsLeftToSayAtAStopGoesToTheNextLink() {
        FakeChannel first = bench.connect();
        first.takes(0);
        bench.peers.isSilent(first);
        bench.queue(data(1, 1, 5));
        bench.uplink.finish(() -> bench.said.add("finished"));
        pass(LOOK.plus(TIMEOUT).plus(LOOK).plusSeconds(1));
        FakeChannel second = bench.accept();
        assertThat(heard(second)).containsExactlyElementsOf(packets(data(1, 1, 5)));
    }

    @Test
    void withoutATimeoutItIsNotAskedFor() {
        bench.close();
        UplinkSettings some = UplinkBench.SETTINGS;
        bench = new UplinkBench(new UplinkSettings(
                some.host(),
                some.port(),
                some.maxFrameBytes(),
                some.queuePackets(),
                some.queueBytes(),
                some.reconnectTimeoutNanos(),
                0));
        FakeChannel master = bench.connect();
        bench.peers.isSilent(master);
        bench.up(data(1, 1, 5));
        pass(TIMEOUT.multipliedBy(3));
        assertThat(bench.peers.asks()).isZero();
        assertThat(master.isActive()).isTrue();
    }

    @Test
    void whatKeepaliveFoundOutIsCounted() {
        FakeChannel master = bench.connect();
        master.broken(new IOException("Connection timed out"));
        bench.loop.run();
        assertThat(bench.count(Metric.MASTER_PEER_QUIET)).isOne();
        assertThat(bench.count(Metric.MASTER_LOST)).isOne();
    }
}
