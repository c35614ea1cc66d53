package net.voltlane.server;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import net.voltlane.server.fleet.SharedBans;
import net.voltlane.server.guard.Bans;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.store.Fleet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the exchange of bans on a thread of its own: comparing many thousand bans takes longer than a loop that serves
 * clients may be held. Thread-safe.
 */
final class FleetBans implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(VoltlaneServer.class);

    private final ScheduledExecutorService thread;

    private FleetBans(ScheduledExecutorService thread) {
        this.thread = thread;
    }

    /** Begins to exchange bans with the other servers of a fleet. */
    static FleetBans start(Fleet fleet, Bans bans, BooleanSupplier isUp, Supplier<String> name, Metrics metrics) {
        ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread daemon = new Thread(task, "voltlane-bans");
            daemon.setDaemon(true);
            return daemon;
        });
        SharedBans shared = new SharedBans(
                fleet,
                bans,
                isUp,
                name,
                task -> thread.execute(() -> runOrTell(task)), // which keeps what is thrown to itself
                metrics.newCounters());
        thread.scheduleWithFixedDelay(() -> runOrTell(shared::tick), 0, SharedBans.TICK_MILLIS, TimeUnit.MILLISECONDS);
        return new FleetBans(thread);
    }

    private static void runOrTell(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error ours) {
            LogEvent.INTERNAL_ERROR
                    .on(log)
                    .setCause(ours)
                    .log("Internal error, please report it: bans may not be shared with the fleet");
        }
    }

    /** Ends the exchange. The bans stand in the store. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
