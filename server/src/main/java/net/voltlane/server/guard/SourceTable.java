package net.voltlane.server.guard;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import net.voltlane.server.address.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * The addresses, or subnets, that are remembered: those with a connection, with a bucket that is not full, or banned.
 * At most so many: a new one looks at a few of those that were not seen for longest, and the idle among them go. Each
 * takes about 200 bytes. Guarded by the {@link Guard}'s lock.
 */
final class SourceTable {
    /** Each new one makes room for itself, and for one more in time: so the table shrinks again after an attack. */
    private static final int LOOKED_AT = 4;

    private final int capacity;
    /** The one that was not asked for for longest comes first. */
    private final LinkedHashMap<Cidr, Source> sources = new LinkedHashMap<>(16, 0.75f, true);

    SourceTable(int capacity) {
        this.capacity = capacity;
    }

    /** What is known of this network, if anything is. */
    @Nullable
    Source find(Cidr network) {
        return sources.get(network);
    }

    /** The same, from now on; null where there is no place left. */
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

    /** Its last connection has gone, and it is not needed for anything else. */
    void forgetIfIdle(Source source, long nowNanos) {
        if (source.isIdle(nowNanos)) {
            sources.remove(source.network, source);
        }
    }

    /** All that is remembered. */
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
                sources.get(first.getKey()); // in use: goes to the end, so that the next look is at others
            }
        }
    }
}
