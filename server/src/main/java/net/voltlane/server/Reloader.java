package net.voltlane.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.voltlane.server.config.ConfigChange;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.server.edge.ClientEdge;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.session.Sessions;
import net.voltlane.server.uplink.MasterUplink;

/**
 * The configuration in effect, and the way of another one to the parts of a running server. Each part has its settings
 * as one immutable record, which is replaced on the part's own loop: those of session loop and guard here, those of the
 * client loops by an event for each. Belongs to the session loop.
 */
final class Reloader {
    /** The parts whose settings can be replaced. */
    record Parts(
            MemoryBudget budget,
            MasterUplink uplink,
            Sessions sessions,
            StaleReaper reaper,
            Guard guard,
            Heap heap,
            CurrentCapacity capacity,
            ClientEdge edge) {}

    private final Parts parts;
    private final ListenerTls tls;
    private ServerConfig inEffect;
    /** Read on any thread. */
    private volatile long maxStaleClients;

    /** @param maxStaleClients of the configured number as many as the heap leaves room for */
    Reloader(Parts parts, ListenerTls tls, ServerConfig inEffect, long maxStaleClients) {
        this.parts = parts;
        this.tls = tls;
        this.inEffect = inEffect;
        this.maxStaleClients = maxStaleClients;
    }

    /** The configuration that the server works by: without what waits for a restart. */
    ServerConfig inEffect() {
        return inEffect;
    }

    /** The maximum number of sessions without a connection, as the heap leaves room for. Any thread. */
    long maxStaleClients() {
        return maxStaleClients;
    }

    /**
     * Replaces the settings of all parts.
     *
     * @param answer is given the change when the last part has its settings, or what kept them from it
     */
    void reload(ServerConfig next, CompletableFuture<ConfigChange> answer) {
        try {
            replaceAll(next).whenComplete((change, failure) -> {
                if (failure == null) {
                    answer.complete(change);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private CompletionStage<ConfigChange> replaceAll(ServerConfig next) {
        ConfigChange change = ConfigChange.between(inEffect, next);
        ServerConfig config = change.inEffect();
        long maxStale = parts.heap.maxStaleClients(config.clients().maxStaleClients());
        parts.capacity.change(config.limits().maxClients(), maxStale);
        inEffect = config;
        maxStaleClients = maxStale;
        long bufferBytes = Sizing.maxBufferedBytes(config.limits().maxBufferedBytes());
        parts.guard.limits(config.limits().guard());
        parts.reaper.every(config.clients().staleReapIntervalSecs());
        parts.sessions.settings(PartSettings.sessions(config, maxStale));
        parts.uplink.settings(PartSettings.uplink(config, bufferBytes));
        parts.uplink.tls(PartSettings.masterTls(config.master()));
        parts.budget.limit(bufferBytes); // last: sessions may end for want of memory, by the settings that hold now
        return parts.edge
                .settings(PartSettings.edge(config))
                .thenCombine(
                        tls.settings(config),
                        (edgeDone, files) -> change.withCertificates(files.taken(), files.kept()));
    }
}
