package net.voltlane.server;

import net.voltlane.server.log.LogEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heap of a JVM, and the number of connections and of sessions without a connection that fit on it. Without a bound
 * on these the heap would be full one day, and a JVM whose heap is full serves no client. Payloads lie off the heap,
 * see {@link Sizing#maxBufferedBytes}.
 *
 * @param maxBytes the largest size of the heap
 */
record Heap(long maxBytes) {
    private static final Logger log = LoggerFactory.getLogger(Heap.class);
    private static final String HOW = "-Xmx in VOLTLANE_JAVA_OPTS";
    /**
     * Heap for one connection: its channel, its session, and all objects of both. Measured after a full collection
     * with 12 000 idle clients: 1785 bytes with epoll on Java 25, 1970 on Java 17, 2380 with nio.
     */
    static final int CONNECTION_BYTES = 2560;
    /** Heap for a session without a connection, measured likewise: 350 to 390 bytes, and a list of its packets. */
    static final int STALE_BYTES = 512;
    /** A server without clients holds 4 MiB; half as much again is for lists that grow. */
    private static final long BASE_BYTES = 6L << 20;
    /** The part of the heap that live objects may fill. The garbage collector needs the rest to work in. */
    private static final double LIVING_PART = 0.7;
    /** Sessions without a connection may take one part in so many of the room. */
    private static final int STALE_SHARE = 4;

    static Heap ofThisJvm() {
        return new Heap(Runtime.getRuntime().maxMemory());
    }

    /**
     * The number of sessions that may be without a connection: as configured, unless they would take more than a quarter
     * of the room. Warns if it is less than configured.
     */
    long maxStaleClients(long configured) {
        long most = roomBytes() / STALE_SHARE / STALE_BYTES;
        if (configured <= most) {
            return configured;
        }
        LogEvent.CAPACITY
                .on(log)
                .log(
                        "clients.max_stale_clients: {} holds, as {} leaves room for no more than that; to raise it: {}",
                        most,
                        name(),
                        HOW);
        return most;
    }

    /**
     * The connections that there is room for, at least one.
     *
     * @param maxStaleClients the number of sessions that may be without a connection
     * @throws StartException if there is room for none
     */
    ClientCapacity.Supply left(long maxStaleClients) {
        long connections = (roomBytes() - maxStaleClients * STALE_BYTES) / CONNECTION_BYTES;
        if (connections < 1) {
            throw new StartException(
                    name() + " leaves room for 0 clients (expected: 16 MiB at least; see " + HOW + ")");
        }
        return new ClientCapacity.Supply(
                ClientCapacity.Bound.HEAP, name(), (int) Math.min(connections, Integer.MAX_VALUE), HOW);
    }

    private long roomBytes() {
        return Math.max(0, (long) (maxBytes * LIVING_PART) - BASE_BYTES);
    }

    private String name() {
        return "the heap of " + (maxBytes >> 20) + " MiB";
    }
}
