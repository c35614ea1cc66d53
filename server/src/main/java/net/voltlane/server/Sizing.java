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
    private static final long LEAST_BUFFERED_BYTES = 4L << 20;

    private Sizing() {}

    /**
     * One loop up to two cores: a second one would only fight with the session loop, and with the backend, for them.
     */
    static int threads(int configured) {
        return configured > 0 ? configured : Math.max(1, Math.min(cores() / 2, MOST_THREADS_BY_MACHINE));
    }

    /** Half of the cores at most: handshakes must leave the loops room to run. */
    static int proofThreads() {
        return Math.max(1, cores() / 2);
    }

    /**
     * A quarter of the memory that the process may use: of the machine's, or its container's. Never so much that the
     * JVM's own limit for memory off the heap would be reached first: what is not there fails anybody, and not whoever
     * holds most.
     *
     * @param configured 0: by the machine
     */
    static long maxBufferedBytes(long configured) {
        long memory = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        return maxBufferedBytes(configured, memory, PlatformDependent.maxDirectMemory());
    }

    /**
     * The least is twice what one link may pin while it is merely slow (an offer of a mebibyte to its socket, in
     * buffers of as much again): with less than that the first client that is behind would lose its session.
     */
    static long maxBufferedBytes(long configured, long memory, long direct) {
        long most = direct / 4 * 3;
        long wanted = Math.max(configured > 0 ? configured : memory / 4, LEAST_BUFFERED_BYTES);
        if (wanted > most && (configured > 0 || most < LEAST_BUFFERED_BYTES)) {
            log.warn(
                    "limits.max_buffered_bytes: {} holds, as the JVM's limit for memory off the heap leaves room for no more;"
                            + " to raise that: -XX:MaxDirectMemorySize",
                    most);
        } else if (configured > 0 && configured < LEAST_BUFFERED_BYTES) {
            log.warn(
                    "limits.max_buffered_bytes: {} holds, as with only {} a client that is slow for a moment would lose its"
                            + " session",
                    LEAST_BUFFERED_BYTES,
                    configured);
        }
        return Math.min(wanted, most);
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }
}
