package net.voltlane.server.address;

/**
 * The prefix lengths at which addresses are counted, the smallest network first, and how much more each network may hold
 * than the smallest. An attacker with an IPv6 /48 has 65 536 networks of the smallest size; a mobile network has a phone
 * in each of them. So a larger network may hold more, but not in proportion to its size.
 */
public final class PrefixLevels {
    /** The number of levels at which IPv6 addresses are always counted: /64, /56 and /48. */
    public static final int LEVELS_V6 = 3;
    /** A network may hold so many times as much as a network of the level below. */
    public static final int FACTOR = 4;

    /** The number of all levels. Those beyond the ones that are always counted are for tables that are full. */
    public static final int LEVELS = 5;

    private static final int[] BITS_V4 = {32, 24, 16, 8, 0};
    private static final int[] BITS_V6 = {64, 56, 48, 32, 0};

    private PrefixLevels() {}

    /**
     * The network around an address at one level.
     *
     * @param level from 0, the smallest network, to below {@link #LEVELS}, all addresses of the family
     */
    public static Cidr network(Cidr address, int level) {
        return address.network((address.isV4() ? BITS_V4 : BITS_V6)[level]);
    }

    /** The limit of a network at this level, as a multiple of that at level 0. */
    public static long factor(int level) {
        long factor = 1;
        for (int i = 0; i < level; i++) {
            factor *= FACTOR;
        }
        return factor;
    }

    /** The number of levels at which an address is always counted. */
    public static int counted(Cidr address) {
        return address.isV4() ? 1 : LEVELS_V6;
    }
}
