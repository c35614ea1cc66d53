package net.voltlane.admin.history;

import static net.voltlane.admin.history.Series.BYTES_DOWN;
import static net.voltlane.admin.history.Series.CLIENTS_LIVE;
import static net.voltlane.admin.history.Series.HEAP_USED_BYTES;
import static net.voltlane.admin.history.Series.LOOP_LAG_SECONDS;
import static net.voltlane.admin.history.Series.MASTER_QUEUE_PACKETS;
import static net.voltlane.admin.history.Series.MASTER_QUEUE_SHARE;
import static net.voltlane.admin.history.Series.PACKETS_UP;
import static net.voltlane.admin.history.Series.REFUSALS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ManualClock clock = new ManualClock();
    private final long startNanos = clock.getAsLong();
    private final FakeFigures figures = new FakeFigures();
    private final History history = new History(figures, clock, this::wallClock);

    private Instant wallClock() {
        return START.plusNanos(clock.getAsLong() - startNanos);
    }

    @Test
    void aSampleIsTakenOnceASecondHoweverOftenTheClockTicks() {
        int samples = 0;
        for (int i = 0; i < 100; i++) {
            clock.advance(Duration.ofMillis(200));
            samples += history.tick() ? 1 : 0;
        }

        assertThat(samples).isEqualTo(20);
        assertThat(column(Resolution.SECOND, PACKETS_UP)).hasSize(20);
    }

    @Test
    void gaugesAreKeptAsTheyAreAndCountersAsRatesPerSecond() {
        figures.set(Gauge.SESSIONS_LIVE, 3);
        figures.heapUsedBytes(1 << 20);
        figures.add(Metric.PACKETS_UP, 10);
        second();
        figures.add(Metric.PACKETS_UP, 30);
        figures.add(Metric.BYTES_DOWN, 5_000_000_000L);
        figures.set(Gauge.SESSIONS_LIVE, 4);
        second();

        assertThat(column(Resolution.SECOND, CLIENTS_LIVE)).containsExactly(3f, 4f);
        assertThat(column(Resolution.SECOND, PACKETS_UP)).containsExactly(10f, 30f);
        assertThat(column(Resolution.SECOND, BYTES_DOWN)).containsExactly(0f, 5e9f);
        assertThat(history.newest(HEAP_USED_BYTES)).isEqualTo(1 << 20);
    }

    @Test
    void countersThatHadGrownBeforeTheHistoryBeganAreNoRate() {
        figures.add(Metric.PACKETS_UP, 1_000_000);
        History late = new History(figures, clock, this::wallClock);
        clock.advance(Duration.ofSeconds(1));
        late.tick();

        assertThat(late.newest(PACKETS_UP)).isZero();
    }

    @Test
    void refusalsAreTheSumOfAllReasons() {
        figures.add(Metric.REFUSED_BANNED, 1);
        figures.add(Metric.REFUSED_CONNECT_RATE, 2);
        figures.add(Metric.REJECTED_PROOF, 4);
        figures.add(Metric.HANDSHAKES_ABANDONED, 8);
        second();

        assertThat(history.newest(REFUSALS)).isEqualTo(7);
    }

    @Test
    void theShareOfTheQueueIsOfItsNearestBound() {
        figures.set(Gauge.MASTER_QUEUE_PACKETS, 10);
        figures.set(Gauge.MASTER_QUEUE_PACKETS_LIMIT, 100);
        figures.set(Gauge.MASTER_QUEUE_BYTES, 300);
        figures.set(Gauge.MASTER_QUEUE_BYTES_LIMIT, 1000);
        second();
        assertThat(history.newest(MASTER_QUEUE_SHARE)).isEqualTo(0.3f);

        figures.set(Gauge.MASTER_QUEUE_PACKETS, 90);
        second();
        assertThat(history.newest(MASTER_QUEUE_SHARE)).isEqualTo(0.9f);
    }

    @Test
    void aLagBetweenTwoSamplesIsKept() {
        figures.set(Gauge.LOOP_LAG, 700_000_000);
        clock.advance(Duration.ofMillis(500));
        history.tick();
        figures.set(Gauge.LOOP_LAG, 3_000_000);
        clock.advance(Duration.ofMillis(500));
        history.tick();
        second();

        assertThat(column(Resolution.SECOND, LOOP_LAG_SECONDS)).containsExactly(0.7f, 0.003f);
    }

    @Test
    void secondsInWhichTheProcessStoodStillAreEmptyAndRatesAreOverTheTimeThatPassed() {
        figures.add(Metric.PACKETS_UP, 10);
        second();
        figures.add(Metric.PACKETS_UP, 40);
        clock.advance(Duration.ofSeconds(4));
        history.tick();

        assertThat(column(Resolution.SECOND, PACKETS_UP)).containsExactly(10f, Float.NaN, Float.NaN, Float.NaN, 10f);
    }

    @Test
    void aPauseLongerThanTheRingLeavesNothingOld() {
        second();
        clock.advance(Duration.ofHours(1));
        history.tick();

        List<Float> column = column(Resolution.SECOND, CLIENTS_LIVE);
        assertThat(column).hasSize(600);
        assertThat(column.subList(0, 599)).containsOnly(Float.NaN);
        assertThat(column.get(599)).isZero();
    }

    @Test
    void tenMinutesAreKeptInSeconds() {
        for (int i = 1; i <= 700; i++) {
            figures.set(Gauge.SESSIONS_LIVE, i);
            second();
        }

        List<Float> column = column(Resolution.SECOND, CLIENTS_LIVE);
        assertThat(column).hasSize(600);
        assertThat(column.get(0)).isEqualTo(101);
        assertThat(column.get(599)).isEqualTo(700);
    }

    @Test
    void aHalfMinuteIsTheMeanOrTheMaximumOfItsSeconds() {
        for (int i = 1; i <= 30; i++) {
            assertThat(column(Resolution.HALF_MINUTE, CLIENTS_LIVE)).isEmpty();
            figures.set(Gauge.SESSIONS_LIVE, i);
            figures.set(Gauge.MASTER_QUEUE_PACKETS, i == 7 ? 500 : 1);
            figures.add(Metric.PACKETS_UP, 2L * i);
            second();
        }

        assertThat(column(Resolution.HALF_MINUTE, CLIENTS_LIVE)).containsExactly(15.5f);
        assertThat(column(Resolution.HALF_MINUTE, PACKETS_UP)).containsExactly(31f);
        assertThat(column(Resolution.HALF_MINUTE, MASTER_QUEUE_PACKETS)).containsExactly(500f);
    }

    @Test
    void aDayIsKeptInHalfMinutes() {
        for (int i = 0; i < 25 * 60 * 60; i++) {
            figures.set(Gauge.SESSIONS_LIVE, i / 30);
            second();
        }

        List<Float> column = column(Resolution.HALF_MINUTE, CLIENTS_LIVE);
        assertThat(column).hasSize(2880);
        assertThat(column.get(0)).isEqualTo(120);
        assertThat(column.get(2879)).isEqualTo(2999);
    }

    @Test
    void aHalfMinuteThatEndedInAPauseIsMadeOfTheSecondsBeforeIt() {
        figures.set(Gauge.SESSIONS_LIVE, 6);
        second();
        figures.set(Gauge.SESSIONS_LIVE, 9);
        clock.advance(Duration.ofSeconds(89));
        history.tick();

        assertThat(column(Resolution.HALF_MINUTE, CLIENTS_LIVE)).containsExactly(6f, Float.NaN, 9f);
    }

    @Test
    void theJsonIsACompactColumnForEachSeries() {
        figures.set(Gauge.SESSIONS_LIVE, 20_000);
        figures.set(Gauge.LOOP_LAG, 12_000_000);
        second();
        clock.advance(Duration.ofSeconds(2));
        figures.add(Metric.PACKETS_UP, 5);
        history.tick();

        String json = HistoryJson.columns(history, Resolution.SECOND, 600);
        assertThat(json)
                .startsWith("{\"resolution\":\"1s\",\"stepSeconds\":1,\"endAt\":\"2026-01-01T00:00:03Z\",\"series\":{")
                .contains("\"clientsLive\":[20000,null,20000]")
                .contains("\"packetsUp\":[0,null,2.5]")
                .contains("\"loopLagSeconds\":[0.012,null,0.012]");
        JsonObject series = JsonParser.parseString(json).getAsJsonObject().getAsJsonObject("series");
        assertThat(series.keySet()).hasSize(Series.values().length);
        assertThat(series.asMap().values()).allMatch(column -> ((JsonArray) column).size() == 3);
    }

    @Test
    void theJsonOfHalfMinutesEndsWithTheLastWholeOne() {
        for (int i = 0; i < 70; i++) {
            second();
        }

        assertThat(HistoryJson.columns(history, Resolution.HALF_MINUTE, 86_400))
                .contains("\"stepSeconds\":30,\"endAt\":\"2026-01-01T00:01:00Z\"")
                .contains("\"clientsLive\":[0,0]");
    }

    @Test
    void theJsonCanBeOfTheLastSecondsOnly() {
        for (int i = 1; i <= 5; i++) {
            figures.set(Gauge.SESSIONS_LIVE, i);
            second();
        }

        assertThat(HistoryJson.columns(history, Resolution.SECOND, 2)).contains("\"clientsLive\":[4,5]");
        assertThat(HistoryJson.columns(history, Resolution.HALF_MINUTE, 1)).contains("\"clientsLive\":[]");
    }

    @Test
    void theNewestSampleIsALine() {
        assertThat(HistoryJson.newest(history)).startsWith("{\"at\":\"2026-01-01T00:00:00Z\",\"clientsLive\":null,");
        figures.set(Gauge.SESSIONS_LIVE, 7);
        second();

        assertThat(HistoryJson.newest(history))
                .startsWith("{\"at\":\"2026-01-01T00:00:01Z\",\"clientsLive\":7,")
                .doesNotContain("\n");
    }

    @Test
    void resolutionsAreFoundByTheirNames() {
        assertThat(Resolution.of("1s")).contains(Resolution.SECOND);
        assertThat(Resolution.of("30s")).contains(Resolution.HALF_MINUTE);
        assertThat(Resolution.of("second")).isEmpty();
    }

    /** The number in the Javadoc of {@link History}. */
    @Test
    void aHistoryTakes300KilobytesAndNoMoreLater() {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        InstantSource time = this::wallClock;
        long fewest = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) { // what the JVM loads and links on the way belongs to one round only
            long before = thread.getCurrentThreadAllocatedBytes();
            new History(figures, clock, time);
            fewest = Math.min(fewest, thread.getCurrentThreadAllocatedBytes() - before);
        }

        assertThat((double) fewest).isCloseTo(300_000, within(10_000.0));
    }

    private void second() {
        clock.advance(Duration.ofSeconds(1));
        history.tick();
    }

    private List<Float> column(Resolution resolution, Series series) {
        Ring ring = history.ring(resolution);
        List<Float> column = new ArrayList<>();
        for (int back = ring.size() - 1; back >= 0; back--) {
            column.add(ring.get(series, back));
        }
        return column;
    }
}
