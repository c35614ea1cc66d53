package net.voltlane.server;

import java.util.List;
import net.voltlane.server.guard.Guard;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The room for clients that descriptors, the heap and {@code limits.max_clients} leave. The guard is told of it. Belongs
 * to the session loop; {@link #now} and {@link #connections} are read on any thread.
 */
final class CurrentCapacity {
    private static final Logger log = LoggerFactory.getLogger(VoltlaneServer.class);

    private final Heap heap;
    private final Guard guard;
    private ClientCapacity.@Nullable Supply descriptors;
    private volatile @Nullable ClientCapacity now;
    private volatile int connections;

    CurrentCapacity(Heap heap, Guard guard) {
        this.heap = heap;
        this.guard = guard;
    }

    /**
     * Finds the room before clients are accepted: from then on descriptors belong to clients.
     *
     * @param maxClients as configured, 0: no limit
     * @param maxStaleClients sessions without a connection, which take some of the heap
     * @return how many connections may be open
     * @throws StartException where there is room for none
     */
    int find(long maxClients, long maxStaleClients) {
        descriptors = Descriptors.left();
        return apply(maxClients, maxStaleClients);
    }

    /**
     * Finds the room anew for other settings, if it has been found before. New clients are refused by it; the number of
     * open connections at which no client is accepted stays as it was.
     */
    void change(long maxClients, long maxStaleClients) {
        if (descriptors != null) {
            apply(maxClients, maxStaleClients);
        }
    }

    private int apply(long maxClients, long maxStaleClients) {
        ClientCapacity.Supply least = ClientCapacity.least(List.of(descriptors(), heap.left(maxStaleClients)));
        ClientCapacity before = now;
        ClientCapacity found = ClientCapacity.of(maxClients, least);
        now = found;
        if (!found.equals(before)) {
            log.info("Room: {}", found.text());
        }
        connections = least.connections();
        guard.room(least.connections(), least.bound().refused);
        return least.connections();
    }

    /** The number of connections that may be open; 0 before it was found. Any thread. */
    int connections() {
        return connections;
    }

    private ClientCapacity.Supply descriptors() {
        ClientCapacity.Supply found = descriptors;
        assert found != null : "looked for before";
        return found;
    }

    /** The room, or null before it was found. */
    @Nullable
    ClientCapacity now() {
        return now;
    }
}
