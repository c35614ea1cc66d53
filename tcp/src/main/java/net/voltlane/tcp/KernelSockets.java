package net.voltlane.tcp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of this machine that have sent data which is not acknowledged. The JDK (17 and 25) has neither
 * {@code TCP_USER_TIMEOUT} nor {@code TCP_INFO}, so this class reads Linux's {@code /proc/net}. On other systems
 * nothing is known.
 *
 * <p>The kernel lists all sockets of the network namespace, of all processes. So one reading serves all callers within
 * the next half second. The next reading comes after fifty times the time that a reading takes, but at most after ten
 * seconds. With ten thousand sockets a reading takes about 0.1 s (measured on a busy machine), so it costs 2 % of one
 * processor, and a snapshot is up to 5 s old. Only sockets with unacknowledged data are remembered.
 *
 * <p>Thread-safe.
 */
public final class KernelSockets {

    /**
     * The result of one reading.
     *
     * @param nanos the time of the reading
     * @param unacknowledged the sockets with unacknowledged data; all other sockets have none
     */
    public record Snapshot(long nanos, Map<AddressPair, SocketState> unacknowledged) {
        /**
         * Creates a snapshot.
         *
         * @param nanos the time of the reading
         * @param unacknowledged the sockets with unacknowledged data
         */
        public Snapshot {
            // not copied, as there may be many sockets, and the map never changes
        }
    }

    private static final long MIN_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MAX_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long COST_FACTOR = 50;
    /**
     * The time for which the last snapshot is used if a reading fails, for example because this process has too many
     * open files. A failure does not mean that everything is acknowledged.
     */
    private static final long OUTAGE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** The instance of this process: a cache, so that a thousand connections do not each read the kernel's list. */
    private static final KernelSockets HERE = new KernelSockets(Path.of("/proc/net"), System::nanoTime);

    private final Path folder;
    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable Snapshot last;
    // The next three fields are guarded by the lock.
    private boolean hasRead;

    private long nextNanos;
    private long lastCostNanos = Long.MAX_VALUE;

    KernelSockets(Path folder, LongSupplier nanoClock) {
        this.folder = folder;
        this.nanoClock = nanoClock;
    }

    /**
     * Returns a snapshot of this machine's sockets, with a time of {@link System#nanoTime()}.
     *
     * @return a snapshot, at most half a second old on most machines; null on systems that do not tell
     */
    public static @Nullable Snapshot here() {
        return HERE.snapshot();
    }

    @Nullable
    Snapshot snapshot() {
        lock.lock();
        try {
            long start = nanoClock.getAsLong();
            if (!hasRead || start - nextNanos >= 0) {
                hasRead = true;
                Snapshot before = last;
                Snapshot fresh = read(start);
                last = fresh == null && before != null && start - before.nanos() < OUTAGE_NANOS ? before : fresh;
                long cost = nanoClock.getAsLong() - start;
                // The cheaper one of two readings in a row counts, as a thread may lose its processor while it reads.
                long interval = COST_FACTOR * Math.min(cost, lastCostNanos);
                nextNanos = start + Math.max(MIN_INTERVAL_NANOS, Math.min(interval, MAX_INTERVAL_NANOS));
                lastCostNanos = cost;
            }
            return last;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Snapshot read(long nanos) {
        Map<AddressPair, SocketState> found = new HashMap<>();
        ProcNetTcp table = new ProcNetTcp(found);
        try {
            try (InputStream ipv4 = Files.newInputStream(folder.resolve("tcp"))) {
                table.read(ipv4);
            }
            try (InputStream ipv6 = Files.newInputStream(folder.resolve("tcp6"))) {
                table.read(ipv6);
            } catch (NoSuchFileException withoutIpv6) {
                // without IPv6 all sockets are in the first file
            }
            return new Snapshot(nanos, found);
        } catch (IOException notLinux) {
            return null;
        }
    }
}
