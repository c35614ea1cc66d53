package net.voltlane.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void whatNobodyHasCountedIsZero() {
        assertThat(metrics.sum(Metric.PACKETS_UP)).isZero();
        metrics.newCounters();
        assertThat(metrics.sum(Metric.PACKETS_UP)).isZero();
    }

    @Test
    void theCountersOfAllThreadsAddUpAndMetricsStayApart() {
        Counters one = metrics.newCounters();
        Counters two = metrics.newCounters();
        one.count(Metric.PACKETS_UP);
        one.count(Metric.PACKETS_UP);
        two.count(Metric.PACKETS_UP);
        two.add(Metric.BYTES_UP, 1L << 40);
        one.add(Metric.BYTES_UP, 1);
        one.add(Metric.BYTES_DOWN, 0);
        assertThat(metrics.sum(Metric.PACKETS_UP)).isEqualTo(3);
        assertThat(metrics.sum(Metric.BYTES_UP)).isEqualTo((1L << 40) + 1);
        assertThat(metrics.sum(Metric.BYTES_DOWN)).isZero();
        assertThat(one.get(Metric.PACKETS_UP)).isEqualTo(2);
    }

    @Test
    void eachMetricHasACellOfItsOwn() {
        Counters counters = metrics.newCounters();
        for (Metric metric : Metric.values()) {
            counters.add(metric, metric.ordinal() + 1);
        }
        for (Metric metric : Metric.values()) {
            assertThat(metrics.sum(metric)).isEqualTo(metric.ordinal() + 1);
        }
    }

    @Test
    void nothingIsLostWhenEachThreadCountsOnItsOwnWhileOthersRead() throws InterruptedException {
        int each = 100_000;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Counters own = metrics.newCounters();
            threads.add(new Thread(() -> {
                for (int n = 0; n < each; n++) {
                    own.count(Metric.PACKETS_UP);
                }
            }));
        }
        threads.forEach(Thread::start);
        long last = 0;
        while (threads.stream().anyMatch(Thread::isAlive)) {
            long now = metrics.sum(Metric.PACKETS_UP);
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(metrics.sum(Metric.PACKETS_UP)).isEqualTo(4L * each);
    }
}
