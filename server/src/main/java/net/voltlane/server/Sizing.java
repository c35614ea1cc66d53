package net.voltlane.server;

import com.sun.management.OperatingSystemMXBean;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What "by the machine" means in the configuration. */
final class Sizing {
    private static final Logger log = LoggerFactory.getLogger(Sizing.class);
    private static final int MOST_THREADS_BY_MACHINE = 8;
    private static final long MIB = 1L << 20;
    private static final long LEAST_BUFFERED_BYTES = 4 * MIB;
    private static final long LEAST_BUFFERED_BYTES_PER_THREAD = MIB;

    private Sizing() {}

    /** One loop up to two cores: a second one would only fight with the session loop, and with the backend, for them. */
    static int threads(int configured) {
        return configured > 0 ? configured : Math.max(1, Math.min(cores() / 2, MOST_THREADS_BY_MACHINE));
    }

    /** Half of the cores at most: handshakes must leave the loops room to run. */
    static int proofThreads() {
        return Math.max(1, cores() / 2);
    }

    /**
     * A quarter of the memory that the process may use: of the machine's, or its container's. Never so much that the JVM's
     * own limit for memory off the heap would be reached first: what is not there fails anybody, and not whoever holds most.
     *
     * @param configured 0: by the machine
     * @param threads loops that serve clients
     */
    static long maxBufferedBytes(long configured, int threads) {
        long memory = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        return maxBufferedBytes(configured, threads, memory, PlatformDependent.maxDirectMemory());
    }

    /**
     * The least is what a backend that is merely slow takes. Half of the budget is its queue's share; what comes over
     * that has to fit into the other half, or clients' sessions would end for it: the offer that waits for its socket (a
     * mebibyte, which may pin as much again), and of each loop what was on its way when clients were held back (half a
     * mebibyte).
     */
    static long maxBufferedBytes(long configured, int threads, long memory, long direct) {
        long most = direct / 4 * 3;
        long least = LEAST_BUFFERED_BYTES + threads * LEAST_BUFFERED_BYTES_PER_THREAD;
        if (configured > most) {
            log.warn(
                    "limits.max_buffered_bytes: {}, but the JVM's limit for memory off the heap leaves room for {}; to raise"
                            + " that: -XX:MaxDirectMemorySize",
                    configured,
                    most);
        }
        if (most < least) {
            log.warn(
                    "the JVM's limit for memory off the heap leaves room for {} bytes, and a backend that is slow takes up"
                            + " to {} with {} thread(s): clients may lose their sessions for it; to raise it:"
                            + " -XX:MaxDirectMemorySize",
                    most,
                    least,
                    threads);
        } else if (configured > 0 && configured < least) {
            log.warn(
                    "limits.max_buffered_bytes: {}, but a backend that is slow takes up to {} with {} thread(s): that holds",
                    configured,
                    least,
                    threads);
        }
        return Math.min(Math.max(configured > 0 ? configured : memory / 4, least), most);
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }
}
