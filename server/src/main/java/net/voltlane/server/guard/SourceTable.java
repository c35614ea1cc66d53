package net.voltlane.server.guard;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import net.voltlane.server.address.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * The addresses, or subnets, that are remembered: those with a connection, with a bucket that is not full, or with a ban.
 * Their number is bounded. Each new source makes room by forgetting idle ones among the few that were not seen for
 * longest. A source takes about 200 bytes. Guarded by the {@link Guard}'s lock.
 */
final class SourceTable {
    /** The number of sources that a new one looks at. More than one, so that the table shrinks after an attack. */
    private static final int LOOKED_AT = 4;

    private final int capacity;
    /** In the order of last use, the least recent first. */
    private final LinkedHashMap<Cidr, Source> sources = new LinkedHashMap<>(16, 0.75f, true);

    SourceTable(int capacity) {
        this.capacity = capacity;
    }

    /** Returns the source for this network; null if it is not remembered. */
    @Nullable
    Source find(Cidr network) {
        return sources.get(network);
    }

    /** Returns the source for this network, and remembers it from now on; null if no place is left. */
    @Nullable
    Source findOrAdd(Cidr network, Source.Kind kind, long factor, long nowNanos) {
        Source known = sources.get(network);
        if (known != null) {
            return known;
        }
        forgetIdle(nowNanos);
        if (sources.size() >= capacity) {
            return null;
        }
        Source source = new Source(network, kind, factor, nowNanos);
        sources.put(network, source);
        return source;
    }

    /** Forgets a source, unless it is needed. */
    void forgetIfIdle(Source source, long nowNanos) {
        if (source.isIdle(nowNanos)) {
            sources.remove(source.network, source);
        }
    }

    /** All sources in the table. */
    Collection<Source> all() {
        return sources.values();
    }

    int size() {
        return sources.size();
    }

    private void forgetIdle(long nowNanos) {
        for (int i = 0; i < LOOKED_AT && !sources.isEmpty(); i++) {
            Map.Entry<Cidr, Source> first = sources.entrySet().iterator().next();
            if (first.getValue().isIdle(nowNanos)) {
                sources.remove(first.getKey());
            } else {
                sources.get(first.getKey()); // in use: moves to the end, so that others are looked at next
            }
        }
    }
}
