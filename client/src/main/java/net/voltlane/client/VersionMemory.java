package net.voltlane.client;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The versions of the protocol that servers were found to speak, by address, for all clients of the process. A server
 * that speaks version 2 is asked for version 3 again after an hour, as it may have been renewed.
 *
 * <p>An overloaded server of version 3 hangs up as a server of version 2 does. A server that has spoken version 3 is
 * therefore not asked for version 2 before it has hung up a few times in a row. Thread-safe.
 */
final class VersionMemory {

    static final long KEEP_NANOS = TimeUnit.HOURS.toNanos(1);

    /** The number of times that a server of version 3 has to hang up before it is asked for version 2. */
    static final int HANG_UPS = RetryPolicy.MAX_REFUSALS;

    private static final int MAX_SERVERS = 1000;

    private record Known(boolean is3, int hangUps, long sinceNanos) {}

    private final ConcurrentMap<ServerAddress, Known> servers = new ConcurrentHashMap<>();
    private final Time time;

    VersionMemory(Time time) {
        this.time = time;
    }

    boolean speaks2(ServerAddress address) {
        Known known = known(address);
        return known != null && !known.is3();
    }

    void learn(ServerAddress address, boolean is3) {
        if (servers.size() >= MAX_SERVERS) {
            servers.clear();
        }
        servers.put(address, new Known(is3, 0, time.nowNanos()));
    }

    /** Called when a server has hung up at version 3. Tells whether version 2 is worth a try. */
    boolean hungUpAt3(ServerAddress address) {
        Known now = servers.computeIfPresent(
                address, (key, known) -> new Known(known.is3(), known.hangUps() + 1, known.sinceNanos()));
        return now == null || isOld(now) || !now.is3() || now.hangUps() >= HANG_UPS;
    }

    void forget2(ServerAddress address) {
        servers.computeIfPresent(address, (key, known) -> known.is3() ? known : null);
    }

    private @Nullable Known known(ServerAddress address) {
        Known known = servers.get(address);
        return known == null || isOld(known) ? null : known;
    }

    private boolean isOld(Known known) {
        return time.nowNanos() - known.sinceNanos() >= KEEP_NANOS;
    }
}
