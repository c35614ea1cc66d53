package net.voltlane.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class TimingTest {
    private final Metrics metrics = new Metrics();
    private final Counters counters = metrics.newCounters();

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void aTimeIsRecordedInTheFirstBucketWhoseBoundItDoesNotExceed() {
        for (Timing timing : Timing.values()) {
            long[] expected = new long[timing.buckets()];
            for (int i = 0; i < timing.buckets(); i++) {
                long bound = i == timing.buckets() - 1 ? timing.boundNanos(i - 1) * 10 : timing.boundNanos(i);
                counters.record(timing, bound);
                expected[i]++;
                if (i < timing.buckets() - 1) {
                    counters.record(timing, bound + 1);
                    expected[i + 1]++;
                }
            }
            assertThat(metrics.buckets(timing)).containsExactly(expected);
        }
    }

    @Test
    void theTimesOfAllThreadsAddUpAndHistogramsStayApart() {
        Counters other = metrics.newCounters();
        counters.record(Timing.HANDSHAKE, millis(3));
        other.record(Timing.HANDSHAKE, millis(40));
        other.record(Timing.RESUME, millis(7));
        assertThat(metrics.sumNanos(Timing.HANDSHAKE)).isEqualTo(millis(43));
        assertThat(metrics.sumNanos(Timing.RESUME)).isEqualTo(millis(7));
        assertThat(metrics.sumNanos(Timing.LOOP_DELAY)).isZero();
        assertThat(Arrays.stream(metrics.buckets(Timing.HANDSHAKE)).sum()).isEqualTo(2);
        assertThat(Arrays.stream(metrics.buckets(Timing.RESUME)).sum()).isOne();
        assertThat(Arrays.stream(metrics.buckets(Timing.LOOP_DELAY)).sum()).isZero();
    }

    @Test
    void aTimeOfZeroCounts() {
        counters.record(Timing.LOOP_DELAY, 0);
        assertThat(metrics.buckets(Timing.LOOP_DELAY)[0]).isOne();
        assertThat(metrics.sumNanos(Timing.LOOP_DELAY)).isZero();
    }
}
