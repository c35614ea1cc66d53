package net.voltlane.server.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.address.PrefixLevels;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;

/**
 * The sources of connections: addresses, the networks around them, and subnets. An IPv4 address counts alone, an IPv6
 * address by its /64, /56 and /48, each with a limit of its own. If a table is full, the next larger network counts in
 * place of the one that has no place there, so that no connection is ever let in uncounted. Guarded by the
 * {@link Guard}'s lock.
 */
final class Sources {
    private static final Source[] NONE = {};
    /** The step of {@link PrefixLevels} at which an IPv4 subnet stands, a /24. */
    private static final int SUBNET_V4 = 1;
    /** The largest networks are all of IPv4 and all of IPv6, for which there is always a place. */
    private static final int LEAST_PLACES = 2;

    private final Counters counters;
    private final List<SourceTable> addresses;
    /** Subnets of IPv4. Those of IPv6 are in {@link #addresses}. */
    private final List<SourceTable> subnets;

    /** @param maxSources the number of addresses that are remembered; half as many of each next larger network */
    Sources(int maxSources, Counters counters) {
        this.counters = counters;
        addresses = tables(maxSources);
        subnets = tables(maxSources);
    }

    private static List<SourceTable> tables(int maxSources) {
        List<SourceTable> tables = new ArrayList<>();
        for (int step = 0; step < PrefixLevels.LEVELS; step++) {
            tables.add(new SourceTable(Math.max(LEAST_PLACES, maxSources >> step)));
        }
        return tables;
    }

    /**
     * The sources that count for a connection from this address, the smallest network first.
     *
     * @param byAddress true if there is a limit on addresses
     * @param bySubnet true if there is a limit on subnets
     */
    Source[] of(Cidr from, boolean byAddress, boolean bySubnet, long nowNanos) {
        if (!byAddress && !bySubnet) {
            return NONE;
        }
        List<Source> found = new ArrayList<>(PrefixLevels.LEVELS_V6);
        if (!from.isV4()) {
            climb(addresses, from, 0, PrefixLevels.LEVELS_V6 - 1, Source.Kind.BOTH, nowNanos, found);
        } else {
            if (byAddress) {
                climb(addresses, from, 0, 0, Source.Kind.ADDRESS, nowNanos, found);
            }
            if (bySubnet) {
                climb(subnets, from, SUBNET_V4, SUBNET_V4, Source.Kind.SUBNET, nowNanos, found);
            }
        }
        return found.toArray(NONE);
    }

    /** Adds the networks from the first step to the last. If none of them has a place left, adds the next that has. */
    private void climb(
            List<SourceTable> tables,
            Cidr from,
            int first,
            int last,
            Source.Kind kind,
            long nowNanos,
            List<Source> found) {
        boolean isCounted = false;
        for (int step = first; step < PrefixLevels.LEVELS && (step <= last || !isCounted); step++) {
            Cidr network = PrefixLevels.network(from, step);
            Source source = tables.get(step).findOrAdd(network, kind, PrefixLevels.factor(step - first), nowNanos);
            isCounted = source != null;
            if (source == null) {
                counters.count(Metric.ADDRESSES_COUNTED_BY_NETWORK);
            } else {
                found.add(source);
            }
        }
    }

    /** Forgets a source whose last connection may have gone, unless it is needed. */
    void forgetIfIdle(Source source, long nowNanos) {
        for (SourceTable table : source.kind == Source.Kind.SUBNET ? subnets : addresses) {
            table.forgetIfIdle(source, nowNanos);
        }
    }

    /** All sources that are remembered. */
    Stream<Source> all() {
        return Stream.concat(addresses.stream(), subnets.stream()).flatMap(table -> table.all().stream());
    }
}
