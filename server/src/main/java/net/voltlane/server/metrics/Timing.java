package net.voltlane.server.metrics;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The catalogue of histograms: how long things took. Recorded in nanoseconds, published in seconds. */
public enum Timing implements Figure {
    HANDSHAKE(
            "voltlane_handshake_seconds",
            Bounds.HANDSHAKE,
            "time from accepting a connection to opening its session",
            "Two round trips to the client, and the check of its key. If it grows for all clients, look at"
                    + " voltlane_proof_queue_computations and voltlane_loop_delay_seconds."),
    RESUME(
            "voltlane_resume_seconds",
            Bounds.HANDSHAKE,
            "time from accepting a connection to resuming its session",
            "Three round trips to the client, and one computation. Otherwise as voltlane_handshake_seconds."),
    STORE_PUT(
            "voltlane_store_put_seconds",
            Bounds.STORE,
            "time that the store took to write records; missing values where there is no store",
            "A new client waits as long for its session. Near store.timeout_ms: the store, its disk or the network to it is"
                    + " too slow."),
    LOOP_DELAY(
            "voltlane_loop_delay_seconds",
            Bounds.LOOP_DELAY,
            "time by which the sweeps of the event loops, ten in a second, came too late",
            "A packet may wait as long. Above 0.1 often: too much load for a thread, garbage collection, or a machine"
                    + " that gives the process too little CPU.");

    /** Upper bounds of the buckets, in microseconds. */
    private static final class Bounds {
        static final long[] HANDSHAKE = {
            500,
            1_000,
            2_500,
            5_000,
            10_000,
            25_000,
            50_000,
            100_000,
            250_000,
            500_000,
            1_000_000,
            2_500_000,
            5_000_000,
            10_000_000
        };
        static final long[] STORE = {
            250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000
        };
        static final long[] LOOP_DELAY = {
            1_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000
        };
    }

    private final Family family;
    private final long[] boundNanos;

    Timing(String name, long[] boundMicros, String help, String look) {
        family = new Family(name, Family.Type.HISTOGRAM, Unit.SECONDS, null, help, look);
        boundNanos = new long[boundMicros.length];
        for (int i = 0; i < boundMicros.length; i++) {
            boundNanos[i] = TimeUnit.MICROSECONDS.toNanos(boundMicros[i]);
        }
    }

    @Override
    public Family family() {
        return family;
    }

    @Override
    public @Nullable String labelValue() {
        return null;
    }

    @Override
    public String help() {
        return family.help();
    }

    /** The number of buckets, the last of which has no upper bound. */
    public int buckets() {
        return boundNanos.length + 1;
    }

    /** The inclusive upper bound of a bucket in nanoseconds; {@link Long#MAX_VALUE} for the last. */
    public long boundNanos(int bucket) {
        return bucket < boundNanos.length ? boundNanos[bucket] : Long.MAX_VALUE;
    }

    int bucketOf(long nanos) {
        int bucket = 0;
        while (bucket < boundNanos.length && nanos > boundNanos[bucket]) {
            bucket++;
        }
        return bucket;
    }
}
