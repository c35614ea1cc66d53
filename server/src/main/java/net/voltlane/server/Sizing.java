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
     */
    static long maxBufferedBytes(long configured) {
        long most = PlatformDependent.maxDirectMemory() / 4 * 3;
        if (configured > most) {
            log.warn(
                    "limits.max_buffered_bytes: {}, but the JVM's limit for memory off the heap leaves room for {}; to raise"
                            + " that: -XX:MaxDirectMemorySize",
                    configured,
                    most);
        }
        if (configured > 0) {
            return Math.min(configured, most);
        }
        long memory = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        return Math.min(memory / 4, most);
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }
}
