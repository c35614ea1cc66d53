package net.voltlane.server.address;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A round-robin queue over addresses, for work that is slow. An address that queues thousands of items delays only
 * itself: an item of another address is served after one item of each address that waits. An IPv6 /48 counts as one
 * address, and within it each /56 and /64 is served in turn. Not thread-safe.
 */
public final class FairQueue<T> {
    private final Ring<T> ring = new Ring<>();
    private int size;

    /** Members that are served in turn. Each is an address with its items, or a network with a ring of its own. */
    private static final class Ring<T> {
        final Map<Cidr, Ring<T>> members = new HashMap<>(2);
        final Queue<Cidr> order = new ArrayDeque<>(1);
        final ArrayDeque<T> items = new ArrayDeque<>(1);

        void add(Cidr address, int level, T item) {
            if (level < 0) {
                items.add(item);
                return;
            }
            Cidr network = PrefixLevels.network(address, level);
            Ring<T> member = members.get(network);
            if (member == null) {
                member = new Ring<>();
                members.put(network, member);
                order.add(network);
            }
            member.add(address, level - 1, item);
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

        boolean remove(Cidr address, int level, T item) {
            if (level < 0) {
                return items.removeLastOccurrence(item);
            }
            Cidr network = PrefixLevels.network(address, level);
            Ring<T> member = members.get(network);
            if (member == null || !member.remove(address, level - 1, item)) {
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
        ring.add(address, PrefixLevels.counted(address) - 1, item);
        size++;
    }

    /** Takes the next item; null if the queue is empty. */
    public @Nullable T poll() {
        T item = ring.poll();
        if (item != null) {
            size--;
        }
        return item;
    }

    /** Removes an item of this address; false if it is no longer there. */
    public boolean remove(Cidr address, T item) {
        boolean removed = ring.remove(address, PrefixLevels.counted(address) - 1, item);
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
