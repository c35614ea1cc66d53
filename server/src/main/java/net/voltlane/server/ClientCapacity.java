package net.voltlane.server;

import java.util.List;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The number of clients that a server has room for, and the resource or setting that bounds it. Clients that return to
 * their session have some room of their own on top.
 *
 * @param clients the number of clients that may be connected, at least 1
 * @param bound what bounds that number
 * @param text both in words: {@code the limit of 1024 open descriptors leaves room for 752 clients}
 */
public record ClientCapacity(long clients, Bound bound, String text) {
    private static final Logger log = LoggerFactory.getLogger(ClientCapacity.class);
    /** With less room than this, a server of this kind is of little use, so the bound was probably not intended. */
    private static final int FEW_CLIENTS = 4_000;

    /** A resource or setting that can bound the number of clients. */
    public enum Bound {
        /** {@code limits.max_clients}. */
        SETTING(Metric.REFUSED_MAX_CLIENTS),
        /** The limit of open descriptors, which {@code ulimit -n} shows. */
        DESCRIPTORS(Metric.REFUSED_DESCRIPTORS),
        /** The largest heap of this JVM, {@code -Xmx}. */
        HEAP(Metric.REFUSED_HEAP);

        /** Counts new clients that are refused because of this bound. */
        final Metric refused;

        Bound(Metric refused) {
            this.refused = refused;
        }
    }

    /**
     * A resource of which each connection takes a piece.
     *
     * @param bound the kind of resource
     * @param what its name and size: {@code the heap of 24 MiB}
     * @param connections the number of connections that it is enough for
     * @param remedy the advice for the operator who wants more of it
     */
    record Supply(Bound bound, String what, int connections, String remedy) {

        /** The connections that new clients may have. The others are reserved for clients that return. */
        int clients() {
            return Guard.roomForNew(connections);
        }

        String text() {
            return what + " leaves room for " + clients() + " clients";
        }
    }

    /** The resource that is used up first. */
    static Supply least(List<Supply> supplies) {
        Supply least = supplies.get(0);
        for (Supply supply : supplies) {
            if (supply.connections() < least.connections()) {
                least = supply;
            }
        }
        return least;
    }

    /**
     * The room that {@code least} and the setting leave. Warns if it is less than configured, or hardly any.
     *
     * @param maxClients as configured; 0: no limit
     */
    static ClientCapacity of(long maxClients, Supply least) {
        if (maxClients > least.clients()) {
            LogEvent.CAPACITY
                    .on(log)
                    .log("limits.max_clients: {}, but {}; to raise it: {}", maxClients, least.text(), least.remedy());
        } else if (maxClients == 0 && least.clients() < FEW_CLIENTS) {
            LogEvent.CAPACITY.on(log).log("{}; to raise it: {}", least.text(), least.remedy());
        }
        if (maxClients > 0 && maxClients <= least.clients()) {
            return new ClientCapacity(
                    maxClients, Bound.SETTING, "limits.max_clients leaves room for " + maxClients + " clients");
        }
        return new ClientCapacity(least.clients(), least.bound(), least.text());
    }
}
