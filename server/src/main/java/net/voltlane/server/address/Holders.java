package net.voltlane.server.address;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Items by the address that they came from, for whatever is shared and may be full: says whose item is to give way.
 * That is the one who holds most, so that a flood from some addresses costs only them, and whoever has an address to
 * himself gives way to nobody who holds more.
 *
 * <p>An IPv4 address counts as one holder. In IPv6 a /64 does, and so do a /56 with a quarter and a /48 with a sixteenth
 * of what it holds, see {@link Ladder}. Within the network that holds most the same is asked again, down to one /64.
 * Of one holder's items, and of holders with equally much, the {@linkplain #add early} ones give way before the others,
 * and then those with the smaller order.
 *
 * <pre>
 *                     top                  the child that holds most stands first, at every node
 *           ┌──────────┼─────────────┐
 *      192.0.2.1   192.0.2.2   2001:db8::/48
 *       │ items                ┌─────┴─────┐
 *                            …::/56      …::/56
 * </pre>
 *
 * Adding and removing take the logarithm of the number of networks at worst, and a few comparisons as a rule; the
 * question itself three steps. Each item takes 48 bytes, each network some 150. Not thread-safe, and without a clock.
 */
public final class Holders<T> {
    private final Map<Cidr, HolderNode<T>> nodes = new HashMap<>();
    private final HolderNode<T> top = new HolderNode<>(null, null, Ladder.STEPS_V6, false);
    private long size;

    /** Where an item is. */
    public static final class Place<T> {
        final T item;
        final HolderNode<T> leaf;
        final long weight;
        boolean early;
        long order;

        @Nullable
        Place<T> previous;

        @Nullable
        Place<T> next;

        private boolean gone;

        Place(T item, HolderNode<T> leaf, long weight) {
            this.item = item;
            this.leaf = leaf;
            this.weight = weight;
        }

        public T item() {
            return item;
        }

        /** The network around this item that holds most, in relation to its size, and how much. */
        public Holder holder() {
            return leaf.worst();
        }

        boolean isBefore(Place<T> other) {
            return early != other.early ? early : order - other.order < 0;
        }
    }

    /**
     * A network and what it holds.
     *
     * @param network an IPv4 address, or an IPv6 /64, /56 or /48
     * @param held the sum of its items' weights
     */
    public record Holder(Cidr network, long held) {
        @Override
        public String toString() {
            return network + ", which holds " + held;
        }
    }

    /** The number of items. */
    public long size() {
        return size;
    }

    /**
     * Adds an item that counts as one.
     *
     * @param early gives way before all items of the same holder that are not
     * @param order such as a time: of two items the one with the smaller order gives way first. Most cheap where each
     *     new item has the largest
     */
    public Place<T> add(Cidr address, T item, boolean early, long order) {
        return add(address, item, early, order, 1);
    }

    /** @param weight what the item counts as, at least 1; all together below 2^58 */
    public Place<T> add(Cidr address, T item, boolean early, long order, long weight) {
        HolderNode<T> leaf = node(address, 0);
        Place<T> place = new Place<>(item, leaf, weight);
        place.early = early;
        place.order = order;
        leaf.line(early).add(place);
        leaf.holds(weight);
        size++;
        settle(leaf);
        return place;
    }

    /** Takes an item away; a second call does nothing. */
    public void remove(Place<T> place) {
        if (place.gone) {
            return;
        }
        place.gone = true;
        HolderNode<T> leaf = place.leaf;
        leaf.line(place.early).remove(place);
        leaf.holds(-place.weight);
        size--;
        settle(leaf);
    }

    /** Changes when an item gives way, within what its address holds. Does nothing for one that was taken away. */
    public void move(Place<T> place, boolean early, long order) {
        if (place.gone) {
            return;
        }
        place.leaf.line(place.early).remove(place);
        place.early = early;
        place.order = order;
        place.leaf.line(early).add(place);
        settle(place.leaf);
    }

    /** Whose turn it is to give way; null where there are no items. */
    public @Nullable Place<T> toGiveWay() {
        return top.first();
    }

    /**
     * Which item is to give way because the address of this one holds more than it may; null where it does not.
     *
     * @param limit what an IPv4 address or an IPv6 /64 may hold; a /56 may hold four times and a /48 sixteen times as
     *     much. 0: anything
     */
    public @Nullable Place<T> overLimit(Place<T> place, long limit) {
        if (limit <= 0 || place.gone) {
            return null;
        }
        int step = 0;
        for (HolderNode<T> node = place.leaf; node != top; node = node.above()) {
            if (node.held > limit * Ladder.factor(step++)) {
                return node.first();
            }
        }
        return null;
    }

    private HolderNode<T> node(Cidr address, int step) {
        Cidr network = Ladder.network(address, step);
        HolderNode<T> known = nodes.get(network);
        if (known != null) {
            return known;
        }
        int last = Ladder.counted(address) - 1;
        HolderNode<T> parent = step == last ? top : node(address, step + 1);
        HolderNode<T> node = new HolderNode<>(network, parent, step, step == 0);
        nodes.put(network, node);
        parent.join(node);
        return node;
    }

    /** Puts right, from a leaf to the top, who holds most. */
    private void settle(HolderNode<T> leaf) {
        for (HolderNode<T> node = leaf; node != top; ) {
            HolderNode<T> parent = node.above();
            if (node.held == 0) {
                parent.leave(node);
                nodes.remove(node.network());
            } else {
                node.weigh();
                parent.sort(node);
            }
            node = parent;
        }
    }
}
