package net.voltlane.server;

import java.util.List;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.metrics.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many clients a server has room for, and what leaves no room for more. Clients that come back to their session
 * have some room of their own on top.
 *
 * @param clients how many may be connected, at least 1
 * @param bound what bounds them
 * @param text both in words: {@code the limit of 1024 open descriptors leaves room for 752 clients}
 */
public record Room(long clients, Bound bound, String text) {
    private static final Logger log = LoggerFactory.getLogger(Room.class);
    /** With room for fewer clients than that nobody needs a server such as this: what bounds them was not meant to. */
    private static final int FEW_CLIENTS = 4_000;

    /** What may bound the number of clients. */
    public enum Bound {
        /** {@code limits.max_clients}. */
        SETTING(Metric.REFUSED_MAX_CLIENTS),
        /** The limit of open descriptors, which {@code ulimit -n} shows. */
        DESCRIPTORS(Metric.REFUSED_DESCRIPTORS),
        /** The largest heap of this JVM, {@code -Xmx}. */
        HEAP(Metric.REFUSED_HEAP);

        /** What a new client for whom there is no room is counted as. */
        final Metric refused;

        Bound(Metric refused) {
            this.refused = refused;
        }
    }

    /**
     * Something that each connection takes a piece of.
     *
     * @param bound which
     * @param what its name and size: {@code the heap of 24 MiB}
     * @param connections for how many it is enough
     * @param remedy how to have more of it
     */
    record Supply(Bound bound, String what, int connections, String remedy) {

        /** Of the connections those that may be new clients': the others are kept for those who come back. */
        int clients() {
            return Guard.roomForNew(connections);
        }

        String text() {
            return what + " leaves room for " + clients() + " clients";
        }
    }

    /** The supply that is used up first. */
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
     * The room that {@code least} and the setting leave. Warns where there is less of it than was meant.
     *
     * @param maxClients as configured, 0: no limit
     */
    static Room of(long maxClients, Supply least) {
        if (maxClients > least.clients()) {
            log.warn("limits.max_clients: {}, but {}; to raise it: {}", maxClients, least.text(), least.remedy());
        } else if (maxClients == 0 && least.clients() < FEW_CLIENTS) {
            log.warn("{}; to raise it: {}", least.text(), least.remedy());
        }
        if (maxClients > 0 && maxClients <= least.clients()) {
            return new Room(maxClients, Bound.SETTING, "limits.max_clients leaves room for " + maxClients + " clients");
        }
        return new Room(least.clients(), least.bound(), least.text());
    }
}
