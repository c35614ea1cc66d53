package net.voltlane.backend;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The servers that speak firehose 3, by the names of their processes. A server is forgotten together with its last link, by
 * the {@link SessionDirectory}.
 *
 * <p>Thread-safe, by the directory's lock.
 */
final class KnownServers {
    /** The time after which a link that waits for an older one looks whether it is still wanted itself. */
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final BackendOptions options;
    private final Environment environment;
    private final SessionDirectory directory;
    private final Counters counters;
    private final UndeliveredBudget undelivered;
    /** Guarded by the directory's lock. */
    private final Map<InstanceName, KnownServer> servers = new HashMap<>();

    KnownServers(
            BackendOptions options,
            Environment environment,
            SessionDirectory directory,
            Counters counters,
            UndeliveredBudget undelivered) {
        this.options = options;
        this.environment = environment;
        this.directory = directory;
        this.counters = counters;
        this.undelivered = undelivered;
    }

    /**
     * Returns the server with a name, to be used by a link. If an older link of the server is still read, cuts it and waits
     * until its last handler call has returned: only then is the count of received packets final. Of several links that
     * wait, the newest is wanted. Links are as old as they were accepted, as the Hello of a dead link may be read after that
     * of the next one. For the link's reader.
     *
     * @return null if the link was lost meanwhile, or is older than another
     */
    @Nullable
    KnownServer claim(Firehose firehose, InstanceName name) {
        while (!firehose.isLost()) {
            Firehose inTheWay;
            directory.lock();
            try {
                KnownServer server = servers.computeIfAbsent(name, this::create);
                inTheWay = server.inTheWayOf(firehose);
                if (inTheWay == null) {
                    server.use(firehose);
                    return server;
                }
            } finally {
                directory.unlock();
            }
            inTheWay.lose("its server has dialled anew");
            if (inTheWay != firehose) {
                inTheWay.awaitEnd(WAIT_NANOS);
            }
        }
        return null;
    }

    private KnownServer create(InstanceName name) {
        return new KnownServer(name, options, environment, directory, counters, undelivered);
    }

    /** Forgets a server, as its link was lost too long ago. */
    void forget(KnownServer server) {
        assert directory.isHeld();
        servers.remove(server.name(), server);
        counters.dropped.add(server.outbox().forget(server.sessions()));
    }

    /**
     * Finds the session with an id that outlives its server. Of several the one counts that has had most servers.
     *
     * @return null if there is none
     */
    @Nullable
    Session find(long id) {
        assert directory.isHeld();
        Session found = null;
        for (KnownServer server : servers.values()) {
            Session session = server.find(id);
            if (session != null
                    && session.numbers().epoch() > 0
                    && (found == null
                            || found.numbers().epoch() < session.numbers().epoch())) {
                found = session;
            }
        }
        return found;
    }

    /** Forgets what no server can speak of any more. */
    void prune(long nowNanos) {
        directory.locked(() -> {
            servers.values().forEach(server -> server.former().prune(nowNanos, server.memoryNanos()));
            return servers;
        });
    }

    int size() {
        return directory.locked(servers::size);
    }

    /** Called when the backend closes: nothing more can be sent. */
    void close() {
        directory.locked(() -> {
            servers.values().forEach(server -> server.outbox().finish());
            return servers;
        });
    }
}
