package net.voltlane.client;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order in which the addresses of a server's name are dialled. The address that worked last comes first, and the
 * one that failed last comes last. In between IPv4 and IPv6 take turns, as one of them may not work at all.
 * Thread-safe.
 */
final class AddressRanking {
    /** The most addresses that are dialled; each costs a socket while the others do not answer. */
    static final int MAX = 32;

    private volatile @Nullable InetAddress good;
    private volatile @Nullable InetAddress bad;

    List<InetAddress> inOrder(Collection<InetAddress> resolved) {
        Set<InetAddress> known = new LinkedHashSet<>(resolved);
        List<InetAddress> order = new ArrayList<>();
        InetAddress first = good;
        if (first != null && known.remove(first)) {
            order.add(first);
        }
        InetAddress last = bad;
        boolean hasLast = last != null && known.remove(last);
        order.addAll(takingTurns(known));
        if (hasLast) {
            order.add(last);
        }
        return order.size() <= MAX ? order : order.subList(0, MAX);
    }

    /** Called when a session was opened or resumed at this address. */
    void served(InetAddress address) {
        good = address;
        if (address.equals(bad)) {
            bad = null;
        }
    }

    /** Called when this address accepted the connection but the handshake failed. */
    void failed(InetAddress address) {
        bad = address;
        if (address.equals(good)) {
            good = null;
        }
    }

    /** Called when the server at the address that worked last asks its clients to go elsewhere. */
    void leave() {
        InetAddress last = good;
        if (last != null) {
            failed(last);
        }
    }

    private static List<InetAddress> takingTurns(Collection<InetAddress> addresses) {
        Deque<InetAddress> ones = new ArrayDeque<>();
        Deque<InetAddress> others = new ArrayDeque<>();
        Class<?> family = null;
        for (InetAddress address : addresses) {
            if (family == null) {
                family = address.getClass();
            }
            (address.getClass() == family ? ones : others).add(address);
        }
        List<InetAddress> order = new ArrayList<>();
        while (!ones.isEmpty() || !others.isEmpty()) {
            if (!ones.isEmpty()) {
                order.add(ones.remove());
            }
            if (!others.isEmpty()) {
                order.add(others.remove());
            }
        }
        return order;
    }
}
