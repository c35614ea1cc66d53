package net.voltlane.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections, and sessions without one, fit on the JVM's heap. Payloads lie off the heap, see
 * {@link Sizing#maxBufferedBytes}. Without a bound here the heap would be full one day, and a JVM whose heap is full
 * serves nobody.
 *
 * @param maxBytes the heap at its largest
 */
record Heap(long maxBytes) {
    private static final Logger log = LoggerFactory.getLogger(Heap.class);
    private static final String HOW = "-Xmx in VOLTLANE_JAVA_OPTS";
    /**
     * What one connection holds: its channel, its session, and what belongs to both. Measured after a full collection
     * with 12 000 idle clients: 1785 bytes with epoll on Java 25, 1970 on Java 17, 2380 with nio.
     */
    static final int CONNECTION_BYTES = 2560;
    /** What a session without a connection holds, measured likewise: 350 to 390 bytes, a list of its packets besides. */
    static final int STALE_BYTES = 512;
    /** What lives on the heap of a server without clients is 4 MiB; half as much again for lists that grow. */
    private static final long BASE_BYTES = 6L << 20;
    /** The part of the heap that may be full of what lives. The rest is for what collections move and clear away. */
    private static final double LIVING_PART = 0.7;
    /** The part of the room that may belong to sessions whose clients are away. */
    private static final int STALE_SHARE = 4;

    static Heap ofThisJvm() {
        return new Heap(Runtime.getRuntime().maxMemory());
    }

    /**
     * How many sessions may be without a connection: as configured, unless they would take more than a quarter of the
     * room. Warns where it is less than that.
     */
    long maxStaleClients(long configured) {
        long most = roomBytes() / STALE_SHARE / STALE_BYTES;
        if (configured <= most) {
            return configured;
        }
        log.warn(
                "clients.max_stale_clients: {} holds, as {} leaves room for no more than that; to raise it: {}",
                most,
                name(),
                HOW);
        return most;
    }

    /**
     * What is left for connections, enough for one at least.
     *
     * @param maxStaleClients how many sessions may be without one
     * @throws StartException where there is room for none
     */
    Room.Supply left(long maxStaleClients) {
        long connections = (roomBytes() - maxStaleClients * STALE_BYTES) / CONNECTION_BYTES;
        if (connections < 1) {
            throw new StartException(
                    name() + " leaves room for 0 clients (expected: 16 MiB at least; see " + HOW + ")");
        }
        return new Room.Supply(Room.Bound.HEAP, name(), (int) Math.min(connections, Integer.MAX_VALUE), HOW);
    }

    private long roomBytes() {
        return Math.max(0, (long) (maxBytes * LIVING_PART) - BASE_BYTES);
    }

    private String name() {
        return "the heap of " + (maxBytes >> 20) + " MiB";
    }
}
