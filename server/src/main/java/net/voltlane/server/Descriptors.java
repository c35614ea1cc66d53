package net.voltlane.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How many connections the limit of open descriptors leaves room for. Nothing here raises that limit, because HotSpot
 * does so at its own start, up to the hard one ({@code -XX:+MaxFDLimit}, on unless told otherwise).
 */
final class Descriptors {
    /**
     * Held back from clients: for the master's link, for files that are opened later (jars, the key, logs), and for
     * what else runs in this process.
     */
    static final int RESERVE = 64;
    /** What a limit that leaves room for nobody should be raised by, at least. */
    private static final int MANY = 4_000;

    private static final String HOW = "ulimit -n, or LimitNOFILE of the service";

    private Descriptors() {}

    /**
     * What is left of them, enough for one connection at least. To be asked when everything but clients is open; a few
     * readings of what the machine tells about this process.
     *
     * @throws StartException where there is room for none
     */
    static Room.Supply left() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            return left(system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount());
        }
        return left(-1, -1);
    }

    /** The same for a limit and a number in use; below 0: the machine does not tell. */
    static Room.Supply left(long limit, long inUse) {
        String what = "the limit of " + limit + " open descriptors";
        long room = limit < 0 || inUse < 0 ? Integer.MAX_VALUE : limit - inUse - RESERVE;
        if (room < 1) {
            throw new StartException(what + " leaves room for 0 clients: " + inUse + " are in use, " + RESERVE
                    + " are held back (expected: a limit of at least " + (inUse + RESERVE + MANY) + "; see " + HOW
                    + ")");
        }
        return new Room.Supply(Room.Bound.DESCRIPTORS, what, (int) Math.min(room, Integer.MAX_VALUE), HOW);
    }
}
