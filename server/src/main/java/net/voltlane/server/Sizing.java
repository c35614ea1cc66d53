package net.voltlane.server;

import com.sun.management.OperatingSystemMXBean;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import net.voltlane.server.log.LogEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sizes that the server chooses by the machine it runs on, unless the configuration sets them. */
final class Sizing {
    private static final Logger log = LoggerFactory.getLogger(Sizing.class);
    private static final int MOST_THREADS_BY_MACHINE = 8;
    private static final long LEAST_BUFFERED_BYTES = 4L << 20;

    private Sizing() {}

    /**
     * The number of loops. By default half as many as the machine has cores, at least one and at most eight. With one on
     * up to three cores, a second loop does not compete with the session loop and the backend.
     */
    static int threads(int configured) {
        return configured > 0 ? configured : Math.max(1, Math.min(cores() / 2, MOST_THREADS_BY_MACHINE));
    }

    /** The number of threads for proofs: at most half of the cores, because handshakes must not starve the loops. */
    static int proofThreads() {
        return Math.max(1, cores() / 2);
    }

    /**
     * The bound of all that is held for peers. By default a quarter of the memory of the machine, or of its container.
     * Always below the JVM's own limit for memory off the heap: at the server's bound the session that holds most ends,
     * but at the JVM's limit any allocation fails.
     *
     * @param configured in bytes; 0: by the machine
     */
    static long maxBufferedBytes(long configured) {
        long memory = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        return maxBufferedBytes(configured, memory, PlatformDependent.maxDirectMemory());
    }

    /**
     * As {@link #maxBufferedBytes(long)}, for a machine and a JVM of these sizes. At least twice what one link may pin
     * while it is merely slow (an offer of a mebibyte to its socket, in buffers of as much again): with less, the first
     * client that falls behind would lose its session.
     */
    static long maxBufferedBytes(long configured, long memory, long direct) {
        long most = direct / 4 * 3;
        long wanted = Math.max(configured > 0 ? configured : memory / 4, LEAST_BUFFERED_BYTES);
        if (wanted > most && (configured > 0 || most < LEAST_BUFFERED_BYTES)) {
            LogEvent.CAPACITY
                    .on(log)
                    .log(
                            "limits.max_buffered_bytes: {} holds, as the JVM's limit for memory off the heap leaves room for no more;"
                                    + " to raise that: -XX:MaxDirectMemorySize",
                            most);
        } else if (configured > 0 && configured < LEAST_BUFFERED_BYTES) {
            LogEvent.CAPACITY
                    .on(log)
                    .log(
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
