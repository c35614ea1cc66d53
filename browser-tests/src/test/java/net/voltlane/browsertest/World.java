package net.voltlane.browsertest;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import net.voltlane.admin.history.Figures;
import net.voltlane.server.metrics.Gauge;
import net.voltlane.server.metrics.Metric;

/**
 * The figures of a server that is not there: a fleet of clients whose traffic goes up and down with time. Its time
 * stands still, but for what is skipped, until it is let run: so a past has the same figures on every machine, however
 * long it takes to make. Thread-safe.
 */
final class World implements Figures, LongSupplier {
    private static final double PACKETS_PER_CLIENT = 12;
    private static final double BYTES_UP = 64;
    private static final double BYTES_DOWN = 150;
    private static final int MASTER_QUEUE_LIMIT = 4096;
    private static final int MASTER_QUEUE_BYTES_LIMIT = 8 << 20;

    private final int clients;
    private final Instant start = Instant.now();
    private final long startNanos = System.nanoTime();
    private final AtomicLong skippedNanos = new AtomicLong();
    private volatile boolean isRunning;
    /** The time since which time runs, if it does. */
    private volatile long runningSinceNanos;

    private volatile boolean masterIsUp = true;
    /** The time at which the master was lost, in seconds; traffic stands still since. */
    private volatile double lostAt;

    World(int clients) {
        this.clients = clients;
    }

    /** Time in nanoseconds, what was skipped included. */
    @Override
    public long getAsLong() {
        long sinceNanos = isRunning ? System.nanoTime() - runningSinceNanos : 0;
        return startNanos + skippedNanos.get() + sinceNanos;
    }

    /** The time of day that operators see: skipped time has passed before the start. */
    Instant now(Duration skippedInAll) {
        return start.minus(skippedInAll).plusNanos(getAsLong() - startNanos);
    }

    /** Lets time pass. */
    void skip(Duration by) {
        skippedNanos.addAndGet(by.toNanos());
    }

    /** Lets time run as it does for everybody. */
    void run() {
        runningSinceNanos = System.nanoTime();
        isRunning = true;
    }

    double seconds() {
        return (getAsLong() - startNanos) / 1e9;
    }

    boolean masterIsUp() {
        return masterIsUp;
    }

    void masterIsUp(boolean isUp) {
        lostAt = seconds();
        masterIsUp = isUp;
    }

    long live() {
        return Math.round(clients * (0.9 + 0.1 * Math.sin(seconds() / 9000)));
    }

    long queuePackets() {
        double waited = masterIsUp ? 0.02 + 0.015 * Math.sin(seconds() / 11) : (seconds() - lostAt) / 60;
        return clients == 0 ? 0 : Math.round(MASTER_QUEUE_LIMIT * Math.min(1, waited));
    }

    @Override
    public long count(Metric metric) {
        return switch (metric) {
            case PACKETS_UP -> Math.round(packets());
            case PACKETS_DOWN -> Math.round(packets() * 0.9);
            case BYTES_UP -> Math.round(packets() * BYTES_UP);
            case BYTES_DOWN -> Math.round(packets() * BYTES_DOWN);
            case REFUSED_CONNECT_RATE -> refusals();
            default -> 0;
        };
    }

    /** The integral of a rate that goes up and down. */
    private double packets() {
        double t = masterIsUp ? seconds() : lostAt;
        return clients
                * PACKETS_PER_CLIENT
                * (t - 120 * Math.cos(t / 400) - 2 * Math.cos(t / 37) - 0.1 * Math.cos(t / 2.3));
    }

    /** A flood of 20 seconds every four minutes. */
    private long refusals() {
        double t = seconds();
        double floods = Math.floor(t / 240);
        return clients == 0 ? 0 : Math.round(30 * (20 * floods + Math.min(20, t - 240 * floods)));
    }

    @Override
    public long read(Gauge gauge) {
        return switch (gauge) {
            case SESSIONS_LIVE, CONNECTIONS -> live();
            case SESSIONS_STALE -> clients / 100;
            case CLIENTS_SLOW -> Math.min(3, clients);
            case HANDSHAKES -> clients / 500;
            case MASTER_UP -> masterIsUp ? 1 : 0;
            case MASTER_QUEUE_PACKETS -> queuePackets();
            case MASTER_QUEUE_PACKETS_LIMIT -> MASTER_QUEUE_LIMIT;
            case MASTER_QUEUE_BYTES -> queuePackets() * 78;
            case MASTER_QUEUE_BYTES_LIMIT -> MASTER_QUEUE_BYTES_LIMIT;
            case HELD_BYTES -> (24L << 20) + clients * 900L;
            case HELD_BYTES_LIMIT -> 512L << 20;
            case LOOP_LAG -> Math.round(1e6 * (14 + 9 * Math.sin(seconds() / 5) + (seconds() % 300 < 4 ? 160 : 0)));
            default -> 0;
        };
    }

    @Override
    public long heapUsedBytes() {
        return Math.round((70 + 20 * (seconds() % 17) / 17) * (1 << 20));
    }
}
