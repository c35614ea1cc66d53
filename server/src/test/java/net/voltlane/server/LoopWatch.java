package net.voltlane.server;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A measurement of the longest time for which a loop of a server leaves its sockets waiting. A task on each loop
 * schedules itself again at once. It runs once in each round of the loop, after the sockets and before the other tasks, so
 * the time between two of its runs is the time of a whole round. The loops are never idle meanwhile.
 *
 * <p>A hold is measured in processor time of the loop's thread, which a busy machine does not stretch, and in real time,
 * which includes every wait for a processor. Any thread may call it.
 */
final class LoopWatch {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long LIMIT_SECS = 30;

    private final List<Turns> all = new ArrayList<>();

    /** Begins to watch all loops of a server. */
    LoopWatch(VoltlaneServer server) {
        server.loops().forEach(loop -> all.add(new Turns(loop)));
        all.forEach(turns -> turns.loop.execute(turns));
    }

    /**
     * The longest holds.
     *
     * @param processorNanos in processor time
     * @param realNanos in real time
     */
    record Holds(long processorNanos, long realNanos) {
        static final Holds NONE = new Holds(0, 0);

        Holds or(Holds other) {
            return new Holds(Math.max(processorNanos, other.processorNanos), Math.max(realNanos, other.realNanos));
        }
    }

    /** Returns the longest holds of any loop since the last call, or since the beginning. */
    Holds take() throws Exception {
        Holds longest = Holds.NONE;
        for (Turns turns : all) {
            longest = longest.or(turns.take());
        }
        return longest;
    }

    /** Ends the measurement. */
    void end() {
        all.forEach(turns -> turns.over = true);
    }

    /** The turns of one loop. They belong to it. */
    private static final class Turns implements Runnable {
        private final ScheduledExecutorService loop;
        private volatile boolean over;
        private Holds longest = Holds.NONE;
        private long lastProcessorNanos;
        private long lastRealNanos;

        Turns(ScheduledExecutorService loop) {
            this.loop = loop;
        }

        @Override
        public void run() {
            long processorNanos = THREADS.getCurrentThreadCpuTime();
            long realNanos = System.nanoTime();
            if (lastRealNanos != 0) {
                longest = longest.or(new Holds(processorNanos - lastProcessorNanos, realNanos - lastRealNanos));
            }
            lastProcessorNanos = processorNanos;
            lastRealNanos = realNanos;
            if (!over) {
                loop.schedule(this, 0, TimeUnit.NANOSECONDS);
            }
        }

        Holds take() throws Exception {
            CompletableFuture<Holds> taken = new CompletableFuture<>();
            loop.execute(() -> {
                taken.complete(longest);
                longest = Holds.NONE;
            });
            return taken.get(LIMIT_SECS, TimeUnit.SECONDS);
        }
    }
}
