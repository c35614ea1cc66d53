package net.voltlane.server.uplink;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order in which the master's addresses are tried. The address of the last link that lived for a while is first. An
 * address whose link died at once is last: something accepts connections there that is no master. Between them the two
 * families take turns, as one of them may not work here at all. Belongs to the session loop.
 */
final class MasterAddresses {
    /** The largest number of addresses of a dial: a name server may send thousands. */
    static final int MOST = 16;

    private @Nullable InetAddress current;
    private @Nullable InetAddress good;
    private @Nullable InetAddress bad;

    /** Notes that this address was reached. */
    void reached(InetAddress address) {
        current = address;
    }

    /** The link to the address that was reached last is lost. */
    void lost(boolean livedForAWhile) {
        if (livedForAWhile) {
            good = current;
            bad = null;
        } else {
            bad = current;
        }
    }

    /** The addresses to try, in turn. */
    List<InetAddress> inOrder(List<InetAddress> found) {
        Deque<InetAddress> four = new ArrayDeque<>();
        Deque<InetAddress> six = new ArrayDeque<>();
        for (InetAddress address : found) {
            Deque<InetAddress> family = address instanceof Inet4Address ? four : six;
            if (!family.contains(address) && family.size() < MOST) {
                family.add(address);
            }
        }
        boolean fourFirst = found.isEmpty() || found.get(0) instanceof Inet4Address;
        List<InetAddress> order = new ArrayList<>();
        while (!four.isEmpty() || !six.isEmpty()) {
            takeFrom(fourFirst ? four : six, order);
            takeFrom(fourFirst ? six : four, order);
        }
        if (good != null && order.remove(good)) {
            order.add(0, good);
        }
        if (bad != null && order.remove(bad)) {
            order.add(bad);
        }
        return List.copyOf(order.subList(0, Math.min(order.size(), MOST)));
    }

    private static void takeFrom(Deque<InetAddress> family, List<InetAddress> order) {
        InetAddress next = family.poll();
        if (next != null) {
            order.add(next);
        }
    }
}
