package net.voltlane.server;

import java.util.List;
import java.util.function.LongSupplier;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
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
    private final LongSupplier bufferBytes;
    private final Guard guard;
    private ClientCapacity.@Nullable Supply descriptors;
    private volatile @Nullable ClientCapacity now;
    private volatile int connections;

    /** @param bufferBytes the bound of all that is held for peers, which a reload can change */
    CurrentCapacity(Heap heap, LongSupplier bufferBytes, Guard guard) {
        this.heap = heap;
        this.bufferBytes = bufferBytes;
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
        return find(Descriptors.left(), maxClients, maxStaleClients);
    }

    /** As {@link #find(long, long)}, with the descriptors that are left. */
    int find(ClientCapacity.Supply descriptorsLeft, long maxClients, long maxStaleClients) {
        descriptors = descriptorsLeft;
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
        List<ClientCapacity.Supply> supplies = List.of(descriptors(), heap.left(maxStaleClients));
        ClientCapacity.Supply least = ClientCapacity.least(supplies);
        ClientCapacity before = now;
        ClientCapacity found = ClientCapacity.of(maxClients, least);
        now = found;
        if (before == null || !found.equals(before)) {
            tell(found, least, supplies);
        }
        connections = least.connections();
        guard.room(least.connections(), least.bound().refused);
        return least.connections();
    }

    private void tell(ClientCapacity found, ClientCapacity.Supply least, List<ClientCapacity.Supply> supplies) {
        String bound = found.bound() == ClientCapacity.Bound.SETTING ? "limits.max_clients" : least.what();
        StringBuilder others = new StringBuilder();
        for (ClientCapacity.Supply supply : supplies) {
            if (!supply.what().equals(bound)) {
                others.append(supply.what()).append(", ");
            }
        }
        LogEvent.LIMITS
                .on(log)
                .addKeyValue(LogField.CLIENTS.key(), found.clients())
                .log(
                        "Limits: {} clients because of {}; {}{} MiB of packets that wait",
                        found.clients(),
                        bound,
                        others,
                        bufferBytes.getAsLong() >> 20);
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
