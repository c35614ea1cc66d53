package net.voltlane.server.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.address.Ladder;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;

/**
 * What is counted for a connection: its address, the networks around it, and its subnet. An IPv4 address counts alone,
 * an IPv6 address by its /64, /56 and /48, each with a limit of its own. Where a table is full, the next larger network
 * counts in place of the one that has no place there: nobody is ever let in uncounted. Guarded by the {@link Guard}'s
 * lock.
 */
final class Sources {
    private static final Source[] NONE = {};
    /** The step of an IPv4 subnet, a /24. */
    private static final int SUBNET_V4 = 1;
    /** There is always room for all addresses of IPv4 and all of IPv6. */
    private static final int LEAST_PLACES = 2;

    private final Counters counters;
    private final List<SourceTable> addresses;
    /** Of IPv4; those of IPv6 count with their addresses. */
    private final List<SourceTable> subnets;

    /** @param maxSources how many addresses are remembered; of each next larger kind of network half as many */
    Sources(int maxSources, Counters counters) {
        this.counters = counters;
        addresses = tables(maxSources);
        subnets = tables(maxSources);
    }

    private static List<SourceTable> tables(int maxSources) {
        List<SourceTable> tables = new ArrayList<>();
        for (int step = 0; step < Ladder.STEPS; step++) {
            tables.add(new SourceTable(Math.max(LEAST_PLACES, maxSources >> step)));
        }
        return tables;
    }

    /**
     * What counts for a connection from this address, the smallest network first.
     *
     * @param byAddress whether a limit looks at addresses
     * @param bySubnet whether a limit looks at subnets
     */
    Source[] of(Cidr from, boolean byAddress, boolean bySubnet, long nowNanos) {
        if (!byAddress && !bySubnet) {
            return NONE;
        }
        List<Source> found = new ArrayList<>(Ladder.STEPS_V6);
        if (!from.isV4()) {
            climb(addresses, from, 0, Ladder.STEPS_V6 - 1, Source.Kind.BOTH, nowNanos, found);
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

    /** Adds the networks from the first step to the last, and where that has no place left the next that has. */
    private void climb(
            List<SourceTable> tables,
            Cidr from,
            int first,
            int last,
            Source.Kind kind,
            long nowNanos,
            List<Source> found) {
        boolean isCounted = false;
        for (int step = first; step < Ladder.STEPS && (step <= last || !isCounted); step++) {
            Cidr network = Ladder.network(from, step);
            Source source = tables.get(step).findOrAdd(network, kind, Ladder.factor(step - first), nowNanos);
            isCounted = source != null;
            if (source == null) {
                counters.count(Metric.ADDRESSES_COUNTED_BY_NETWORK);
            } else {
                found.add(source);
            }
        }
    }

    /** Its last connection may have gone. */
    void forgetIfIdle(Source source, long nowNanos) {
        for (SourceTable table : source.kind == Source.Kind.SUBNET ? subnets : addresses) {
            table.forgetIfIdle(source, nowNanos);
        }
    }

    /** All that is remembered. */
    Stream<Source> all() {
        return Stream.concat(addresses.stream(), subnets.stream()).flatMap(table -> table.all().stream());
    }
}
