package net.voltlane.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The limit of open descriptors, and the number of connections that it leaves room for. Nothing here raises the soft
 * limit, because HotSpot raises it to the hard limit at its own start ({@code -XX:+MaxFDLimit}, which is the default).
 */
final class Descriptors {
    /**
     * Descriptors that clients don't get: for the master's link, for files that are opened later (jars, the key, logs),
     * and for other code in this process.
     */
    static final int RESERVE = 64;
    /** The least by which to raise a limit that leaves room for no client. */
    private static final int MANY = 4_000;

    private static final String HOW = "ulimit -n, or LimitNOFILE of the service";

    private Descriptors() {}

    /**
     * The connections that there is room for, at least one. Call it when everything but clients is open.
     *
     * @throws StartException if there is room for none
     */
    static ClientCapacity.Supply left() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            return left(system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount());
        }
        return left(-1, -1);
    }

    /** As {@link #left()}, for this limit and number in use. Below 0: the machine does not tell. */
    static ClientCapacity.Supply left(long limit, long inUse) {
        String what = "the limit of " + limit + " open descriptors";
        long room = limit < 0 || inUse < 0 ? Integer.MAX_VALUE : limit - inUse - RESERVE;
        if (room < 1) {
            throw new StartException(what + " leaves room for 0 clients: " + inUse + " are in use, " + RESERVE
                    + " are held back (expected: a limit of at least " + (inUse + RESERVE + MANY) + "; see " + HOW
                    + ")");
        }
        return new ClientCapacity.Supply(
                ClientCapacity.Bound.DESCRIPTORS, what, (int) Math.min(room, Integer.MAX_VALUE), HOW);
    }
}
