package net.voltlane.server.guard;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import net.voltlane.server.address.Cidr;
import org.jspecify.annotations.Nullable;

/** A set of addresses, given as IPv4 and IPv6 networks. Immutable. */
public final class CidrSet {
    public static final CidrSet EMPTY = new CidrSet(List.of());

    /** Sorted, and none inside another. Two networks never overlap in any other way. */
    private final List<Cidr> networks;

    private CidrSet(List<Cidr> networks) {
        this.networks = networks;
    }

    /** True for the text of one address or network, as {@link #of} takes it. */
    public static boolean isEntry(String text) {
        return Cidr.parse(text) != null;
    }

    /**
     * Returns the set of these addresses and networks; null if one of the texts is neither. Bits behind a network's
     * prefix don't count.
     */
    public static @Nullable CidrSet of(Collection<String> entries) {
        List<Cidr> all = new ArrayList<>();
        for (String entry : entries) {
            Cidr network = Cidr.parse(entry);
            if (network == null) {
                return null;
            }
            all.add(network);
        }
        Collections.sort(all);
        List<Cidr> outer = new ArrayList<>();
        for (Cidr network : all) {
            if (outer.isEmpty() || !outer.get(outer.size() - 1).contains(network)) {
                outer.add(network);
            }
        }
        return outer.isEmpty() ? EMPTY : new CidrSet(List.copyOf(outer));
    }

    public boolean isEmpty() {
        return networks.isEmpty();
    }

    /** True if the address lies in one of the networks. An IPv4 address inside an IPv6 address counts as IPv4. */
    public boolean contains(InetAddress address) {
        return !networks.isEmpty() && contains(Cidr.of(address));
    }

    boolean contains(Cidr address) {
        int place = Collections.binarySearch(networks, address);
        int before = -place - 2; // the last network that begins before the address
        return place >= 0 || before >= 0 && networks.get(before).contains(address);
    }

    /** The networks in order, as they may be written in a configuration file. */
    public List<String> entries() {
        return networks.stream().map(Cidr::toString).toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CidrSet set && set.networks.equals(networks);
    }

    @Override
    public int hashCode() {
        return networks.hashCode();
    }

    @Override
    public String toString() {
        return networks.toString();
    }
}
