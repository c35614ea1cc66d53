package net.voltlane.server.address;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Items by the address that they came from, for a resource that is shared and may be full: finds the item that is to
 * give way. It is an item of the address that holds most, so a flood from some addresses costs only these, and a client
 * with an address of its own never gives way to an address that holds more.
 *
 * <p>An IPv4 address counts as one holder. In IPv6 a /64 does, and so do a /56 with a quarter and a /48 with a sixteenth
 * of what it holds, see {@link PrefixLevels}. Within the network that holds most, the choice is made again among its
 * parts, down to one /64. Among the items of one holder, and of holders with equally much, the {@linkplain #add early}
 * ones give way before the others, and then those with the smaller order.
 *
 * <pre>
 *                     top                  the child that holds most stands first, at every node
 *           ┌──────────┼─────────────┐
 *      192.0.2.1   192.0.2.2   2001:db8::/48
 *       │ items                ┌─────┴─────┐
 *                            …::/56      …::/56
 * </pre>
 *
 * Adding and removing take time logarithmic in the number of networks at worst, and a few comparisons as a rule. Finding
 * the item to give way takes three steps. Each item takes 48 bytes, each network about 150. Not thread-safe, and without
 * a clock.
 */
public final class Holders<T> {
    private final Map<Cidr, HolderNode<T>> nodes = new HashMap<>();
    private final HolderNode<T> top = new HolderNode<>(null, null, PrefixLevels.LEVELS_V6, false);
    private long size;

    /** The place of an item: its handle for {@link #remove} and {@link #move}. */
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
     * A network with the weight that it holds.
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
     * @param early true for an item that gives way before all items of the same holder that are not early
     * @param order for example a time: of two items the one with the smaller order gives way first. Cheapest if each new
     *     item has the largest
     */
    public Place<T> add(Cidr address, T item, boolean early, long order) {
        return add(address, item, early, order, 1);
    }

    /**
     * Adds an item that counts as several.
     *
     * @param weight at least 1; the sum of all weights stays below 2^58
     */
    public Place<T> add(Cidr address, T item, boolean early, long order, long weight) {
        HolderNode<T> leaf = node(address, 0);
        Place<T> place = new Place<>(item, leaf, weight);
        place.early = early;
        place.order = order;
        leaf.queue(early).add(place);
        leaf.addWeight(weight);
        size++;
        settle(leaf);
        return place;
    }

    /** Removes an item; a second call does nothing. */
    public void remove(Place<T> place) {
        if (place.gone) {
            return;
        }
        place.gone = true;
        HolderNode<T> leaf = place.leaf;
        leaf.queue(place.early).remove(place);
        leaf.addWeight(-place.weight);
        size--;
        settle(leaf);
    }

    /** Changes the order in which an item gives way among those of its address. Does nothing if it was removed. */
    public void move(Place<T> place, boolean early, long order) {
        if (place.gone) {
            return;
        }
        place.leaf.queue(place.early).remove(place);
        place.early = early;
        place.order = order;
        place.leaf.queue(early).add(place);
        settle(place.leaf);
    }

    /** The item that is to give way; null if there are no items. */
    public @Nullable Place<T> toGiveWay() {
        return top.first();
    }

    /**
     * The item that is to give way because the address of {@code place}, or a network around it, holds more than it may;
     * null if none of them does.
     *
     * @param limit the weight that an IPv4 address or an IPv6 /64 may hold. A /56 may hold four times and a /48 sixteen
     *     times as much. 0: no limit
     */
    public @Nullable Place<T> overLimit(Place<T> place, long limit) {
        if (limit <= 0 || place.gone) {
            return null;
        }
        int level = 0;
        for (HolderNode<T> node = place.leaf; node != top; node = node.above()) {
            if (node.held > limit * PrefixLevels.factor(level++)) {
                return node.first();
            }
        }
        return null;
    }

    private HolderNode<T> node(Cidr address, int level) {
        Cidr network = PrefixLevels.network(address, level);
        HolderNode<T> known = nodes.get(network);
        if (known != null) {
            return known;
        }
        int last = PrefixLevels.counted(address) - 1;
        HolderNode<T> parent = level == last ? top : node(address, level + 1);
        HolderNode<T> node = new HolderNode<>(network, parent, level, level == 0);
        nodes.put(network, node);
        parent.join(node);
        return node;
    }

    /** Restores the heaps from a leaf to the top after a change. */
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
