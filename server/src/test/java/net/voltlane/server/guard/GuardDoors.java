package net.voltlane.server.guard;

import java.net.InetAddress;
import net.voltlane.server.address.Cidr;

/** Access to this package for tests of other packages. */
public final class GuardDoors {
    private GuardDoors() {}

    /** Connections that count as links. */
    public static long links(Guard guard) {
        return guard.admissions.links();
    }

    /** Connections that count as handshakes, in the resume reserve and outside of it. */
    public static long handshakes(Guard guard) {
        return guard.admissions.handshakes().size() + guard.admissions.reserve().size();
    }

    /** Connections that have a place in the resume reserve. */
    public static long inReserve(Guard guard) {
        return guard.admissions.reserve().size();
    }

    /** True if this address is banned now. */
    public static boolean isBanned(Guard guard, InetAddress from, long nowNanos) {
        Cidr address = Cidr.of(from);
        return guard.sources.all().anyMatch(source -> source.network.contains(address) && source.isBanned(nowNanos));
    }

    /** Number of links of the address that has most. */
    public static int mostOfAnAddress(Guard guard) {
        return most(guard, Source.Kind.ADDRESS);
    }

    /** Number of links of the subnet that has most. */
    public static int mostOfASubnet(Guard guard) {
        return most(guard, Source.Kind.SUBNET);
    }

    private static int most(Guard guard, Source.Kind kind) {
        return guard.sources
                .all()
                .filter(source -> source.kind == kind)
                .mapToInt(source -> source.links)
                .max()
                .orElse(0);
    }

    /** Nothing is counted anywhere: not in sum, and not for any address or subnet. */
    public static boolean countsNothing(Guard guard) {
        return guard.admissions.links() == 0
                && guard.admissions.handshakes().size() == 0
                && guard.admissions.reserve().size() == 0
                && guard.admissions.replaced().size() == 0
                && guard.sources
                        .all()
                        .allMatch(source -> source.links == 0 && source.handshakes == 0 && source.replaced == 0);
    }
}
