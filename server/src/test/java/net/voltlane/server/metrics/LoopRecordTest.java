package net.voltlane.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LoopRecordTest {
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(30);

    private long cpuOfThread = -1;
    private long askedThread;
    private final LoopRecord record = new LoopRecord(id -> {
        askedThread = id;
        return cpuOfThread;
    });

    private long read(LoopFigure figure) {
        return record.reader(figure).getAsLong();
    }

    @Test
    void theLongestDelayStaysForOneToTwoWindows() {
        record.swept(5, 0);
        record.swept(6, 300);
        record.swept(7, 20);
        assertThat(read(LoopFigure.LONGEST_DELAY)).isEqualTo(300);
        record.swept(5 + WINDOW, 40);
        assertThat(read(LoopFigure.LONGEST_DELAY)).isEqualTo(300);
        record.swept(5 + 2 * WINDOW - 1, 10);
        assertThat(read(LoopFigure.LONGEST_DELAY)).isEqualTo(300);
        record.swept(5 + 2 * WINDOW, 30);
        assertThat(read(LoopFigure.LONGEST_DELAY)).isEqualTo(40);
        record.swept(5 + 3 * WINDOW, 0);
        assertThat(read(LoopFigure.LONGEST_DELAY)).isEqualTo(30);
    }

    @Test
    void theCpuTimeIsThatOfTheThreadThatSweeps() {
        assertThat(read(LoopFigure.CPU)).isZero();
        record.swept(1, 0);
        cpuOfThread = 70;
        assertThat(read(LoopFigure.CPU)).isEqualTo(70);
        assertThat(askedThread).isEqualTo(Thread.currentThread().getId());
    }

    @Test
    void theCpuTimeOfAThreadThatHasEndedStays() {
        record.swept(1, 0);
        cpuOfThread = 70;
        read(LoopFigure.CPU);
        cpuOfThread = -1;
        assertThat(read(LoopFigure.CPU)).isEqualTo(70);
    }

    @Test
    void theCpuTimeOfThisThreadGrowsAsItWorks() {
        Metrics metrics = new Metrics();
        LoopRecord own = metrics.newLoop();
        metrics.newLoop();
        own.swept(1, 0);
        long before = metrics.read(LoopFigure.CPU)[0];
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (metrics.read(LoopFigure.CPU)[0] == before && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(metrics.read(LoopFigure.CPU)[0]).isGreaterThan(before);
        assertThat(metrics.read(LoopFigure.CPU)).hasSize(2).endsWith(0);
    }
}
