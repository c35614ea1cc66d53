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
 * Which sockets of this machine have sent something that was not acknowledged. The JDK has neither
 * {@code TCP_USER_TIMEOUT} nor {@code TCP_INFO} (17 and 25 do not), so this is read from Linux's {@code /proc/net}; on
 * other systems nothing is known.
 *
 * <p>The kernel lists all sockets of the network namespace, whichever process has them. So one reading serves everybody
 * who asks within the next half second, and the next one comes fifty times as long after it as a reading takes, or
 * after ten seconds. With ten thousand sockets a reading takes some 0.1 s (seen on a busy machine), so it costs 2 % of
 * one processor, and an answer is up to 5 s old. Only sockets with unacknowledged data are remembered.
 *
 * <p>Any thread may ask.
 */
public final class KernelSockets {

    /**
     * What was read at one moment.
     *
     * @param nanos when, by the clock that was given
     * @param unacknowledged the sockets that wait for an answer; all others have none to wait for
     */
    public record Snapshot(long nanos, Map<AddressPair, SocketState> unacknowledged) {
        /**
         * What was read at one moment.
         *
         * @param nanos when
         * @param unacknowledged as above
         */
        public Snapshot {
            // not copied: there may be many, and nobody changes them
        }
    }

    private static final long MIN_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MAX_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long COST_FACTOR = 50;
    /**
     * A reading may fail where it worked before, as files run out, say. For so long that is no news, not the news that
     * everything is acknowledged.
     */
    private static final long OUTAGE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** The one of this process: a cache of what the kernel says, so that a thousand connections do not read it each. */
    private static final KernelSockets HERE = new KernelSockets(Path.of("/proc/net"), System::nanoTime);

    private final Path folder;
    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable Snapshot last;
    /** Guarded by the lock. */
    private boolean hasRead;

    private long nextNanos;
    private long lastCostNanos = Long.MAX_VALUE;

    KernelSockets(Path folder, LongSupplier nanoClock) {
        this.folder = folder;
        this.nanoClock = nanoClock;
    }

    /**
     * What this machine's kernel knows, by {@link System#nanoTime()}.
     *
     * @return a snapshot, half a second old or younger on most machines; null where the system does not tell
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
                // Of two in a row the cheaper one counts: a thread may lose its processor while it reads.
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
                // then it is all in the other one
            }
            return new Snapshot(nanos, found);
        } catch (IOException notLinux) {
            return null;
        }
    }
}
