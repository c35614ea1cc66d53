package net.voltlane.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import net.voltlane.server.guard.Guard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections the limit of open descriptors leaves room for, an eighth of which is kept for those who come
 * back. Nothing here raises that limit, because HotSpot does so at its own start, up to the hard one
 * ({@code -XX:+MaxFDLimit}, on unless told otherwise).
 */
final class Descriptors {
    private static final Logger log = LoggerFactory.getLogger(Descriptors.class);
    /**
     * Held back from clients: for the master's link, for files that are opened later (jars, the key, logs), and for
     * what else runs in this process.
     */
    static final int RESERVE = 64;
    /** With fewer clients than that nobody needs a server such as this: the limit was not meant. */
    private static final int FEW_CLIENTS = 4_000;

    private static final String HOW = "ulimit -n, or LimitNOFILE of the service";

    private Descriptors() {}

    /**
     * The number of connections, at least 1. To be asked when everything but clients is open; a few readings of what
     * the machine tells about this process.
     *
     * @param maxClients as configured, 0: no limit; it is told where they do not fit
     * @throws StartException where there is room for none
     */
    static int roomForConnections(long maxClients) {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return Integer.MAX_VALUE;
        }
        return roomForConnections(maxClients, system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount());
    }

    static int roomForConnections(long maxClients, long limit, long inUse) {
        if (limit < 0 || inUse < 0) {
            return Integer.MAX_VALUE; // the machine does not tell
        }
        long room = limit - inUse - RESERVE;
        long clients = room < 1 ? 0 : Guard.roomForNew((int) Math.min(room, Integer.MAX_VALUE));
        String found = "the limit of " + limit + " open descriptors leaves room for " + clients + " clients";
        if (room < 1) {
            throw new StartException(found + ": " + inUse + " are in use, " + RESERVE
                    + " are held back (expected: a limit of at least " + (inUse + RESERVE + FEW_CLIENTS)
                    + "; see " + HOW + ")");
        }
        if (maxClients > clients) {
            log.warn("limits.max_clients: {}, but {}; to raise it: {}", maxClients, found, HOW);
        } else if (maxClients == 0 && clients < FEW_CLIENTS) {
            log.warn("{}; to raise it: {}", found, HOW);
        } else {
            log.info(found);
        }
        return (int) Math.min(room, Integer.MAX_VALUE);
    }
}
