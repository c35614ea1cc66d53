package net.voltlane.server.address;

/**
 * The networks around an address that are counted, the smallest first, and how much more each may hold than the
 * smallest. An attacker with an IPv6 /48 has 65 536 networks of the smallest size; a mobile network has a phone in each
 * of them. So a larger network may hold more, but not as much more as it is larger.
 */
public final class Ladder {
    /** Steps at which IPv6 addresses are always counted: /64, /56 and /48. */
    public static final int STEPS_V6 = 3;
    /** Each network may hold so many times what the next smaller one may. */
    public static final int FACTOR = 4;

    /** All steps there are; those behind the first ones are for tables that are full. */
    public static final int STEPS = 5;

    private static final int[] BITS_V4 = {32, 24, 16, 8, 0};
    private static final int[] BITS_V6 = {64, 56, 48, 32, 0};

    private Ladder() {}

    /**
     * The network around an address at one step.
     *
     * @param step from 0, the smallest, to below {@link #STEPS}, all addresses of that family
     */
    public static Cidr network(Cidr address, int step) {
        return address.network((address.isV4() ? BITS_V4 : BITS_V6)[step]);
    }

    /** How many times as much as a network at step 0 one at this step may hold. */
    public static long factor(int step) {
        long factor = 1;
        for (int i = 0; i < step; i++) {
            factor *= FACTOR;
        }
        return factor;
    }

    /** How many steps are always counted for an address. */
    public static int counted(Cidr address) {
        return address.isV4() ? 1 : STEPS_V6;
    }
}
