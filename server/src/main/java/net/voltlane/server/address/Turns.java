package net.voltlane.server.address;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A queue for something slow, in which addresses take turns: one that queues thousands of items waits for them itself,
 * and a newcomer at another address is next once each of the others had one turn. An IPv6 /48 counts as one address,
 * and within it each /56 and /64 has its turn. Not thread-safe.
 */
public final class Turns<T> {
    private final Ring<T> ring = new Ring<>();
    private int size;

    /** Those whose turn it is one after the other: each an address with its items, or a network with rings of its own. */
    private static final class Ring<T> {
        final Map<Cidr, Ring<T>> members = new HashMap<>(2);
        final Queue<Cidr> order = new ArrayDeque<>(1);
        final ArrayDeque<T> items = new ArrayDeque<>(1);

        void add(Cidr address, int step, T item) {
            if (step < 0) {
                items.add(item);
                return;
            }
            Cidr network = Ladder.network(address, step);
            Ring<T> member = members.get(network);
            if (member == null) {
                member = new Ring<>();
                members.put(network, member);
                order.add(network);
            }
            member.add(address, step - 1, item);
        }

        @Nullable
        T poll() {
            Cidr next = order.poll();
            if (next == null) {
                return items.poll();
            }
            Ring<T> member = members.get(next);
            assert member != null : "the order names members only";
            T item = member.poll();
            if (member.isEmpty()) {
                members.remove(next);
            } else {
                order.add(next);
            }
            return item;
        }

        boolean remove(Cidr address, int step, T item) {
            if (step < 0) {
                return items.removeLastOccurrence(item);
            }
            Cidr network = Ladder.network(address, step);
            Ring<T> member = members.get(network);
            if (member == null || !member.remove(address, step - 1, item)) {
                return false;
            }
            if (member.isEmpty()) {
                members.remove(network);
                order.remove(network);
            }
            return true;
        }

        boolean isEmpty() {
            return order.isEmpty() && items.isEmpty();
        }
    }

    /** Queues an item of this address. */
    public void add(Cidr address, T item) {
        ring.add(address, Ladder.counted(address) - 1, item);
        size++;
    }

    /** Takes the next item; null where there is none. */
    public @Nullable T poll() {
        T item = ring.poll();
        if (item != null) {
            size--;
        }
        return item;
    }

    /** Takes an item of this address out of its turn; false where it is not there any more. */
    public boolean remove(Cidr address, T item) {
        boolean removed = ring.remove(address, Ladder.counted(address) - 1, item);
        if (removed) {
            size--;
        }
        return removed;
    }

    /** The number of items. */
    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }
}
