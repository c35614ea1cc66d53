package net.voltlane.server.metrics;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The record of one event loop from which its figures are read. The loop writes, any thread reads. */
public final class LoopRecord {
    /** Half of the time that the longest delay stays. */
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Reads the CPU time of a thread; below 0 for a thread that has ended, and where the machine does not tell. */
    interface CpuClock {
        long nanos(long threadId);
    }

    private final CpuClock cpu;
    private final PublishedValue threadId = new PublishedValue();
    private final PublishedValue longestDelay = new PublishedValue();
    /** The CPU time that was read last: the counter keeps it when the thread has ended. */
    private final AtomicLong cpuNanos = new AtomicLong();

    // The loop's own.
    private long windowSinceNanos;
    private boolean begun;
    private long longestNow;
    private long longestBefore;

    LoopRecord() {
        this(LoopRecord::threadCpuNanos);
    }

    LoopRecord(CpuClock cpu) {
        this.cpu = cpu;
    }

    /**
     * The loop runs its sweep. On the loop only.
     *
     * @param delayNanos the time by which it comes too late
     */
    public void swept(long nowNanos, long delayNanos) {
        if (!begun) {
            begun = true;
            windowSinceNanos = nowNanos;
            threadId.publish(Thread.currentThread().getId());
        } else if (nowNanos - windowSinceNanos >= WINDOW_NANOS) {
            windowSinceNanos = nowNanos;
            longestBefore = longestNow;
            longestNow = 0;
        }
        longestNow = Math.max(longestNow, delayNanos);
        longestDelay.publish(Math.max(longestNow, longestBefore));
    }

    LongSupplier reader(LoopFigure figure) {
        return switch (figure) {
            case CPU -> this::readCpu;
            case LONGEST_DELAY -> longestDelay;
        };
    }

    private long readCpu() {
        long id = threadId.getAsLong();
        long now = id == 0 ? 0 : cpu.nanos(id);
        return cpuNanos.accumulateAndGet(now, Math::max);
    }

    private static long threadCpuNanos(long id) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return threads.isThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled()
                ? threads.getThreadCpuTime(id)
                : -1;
    }
}
