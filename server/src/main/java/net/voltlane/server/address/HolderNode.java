package net.voltlane.server.address;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.server.address.Holders.Holder;
import net.voltlane.server.address.Holders.Place;
import org.jspecify.annotations.Nullable;

/**
 * A network in the tree of {@link Holders}. The smallest networks have items. The others have smaller networks, in a
 * heap whose first holds most.
 */
final class HolderNode<T> {
    private final @Nullable Cidr network;
    private final @Nullable HolderNode<T> parent;

    private final int level;
    /** The sum of the weights of all items in it. */
    long held;
    /**
     * Its rank among its siblings: the weight that it holds in relation to its size, or that of a part of it if larger.
     */
    private long burden;

    private @Nullable PlaceQueue<T> early;
    private @Nullable PlaceQueue<T> late;

    /** The networks in it as a heap; empty if it has items. */
    private final List<HolderNode<T>> children;
    /** Its index in the heap of its parent. */
    private int index;

    /**
     * @param network null for the top
     * @param parent null for the top
     */
    HolderNode(@Nullable Cidr network, @Nullable HolderNode<T> parent, int level, boolean isLeaf) {
        this.network = network;
        this.parent = parent;
        this.level = level;
        children = isLeaf ? List.of() : new ArrayList<>(1);
    }

    Cidr network() {
        Cidr known = network;
        assert known != null : "the top is no network";
        return known;
    }

    boolean isTop() {
        return parent == null;
    }

    HolderNode<T> above() {
        HolderNode<T> above = parent;
        assert above != null : "nothing is asked of what is above all";
        return above;
    }

    /** Adds a weight, or takes away a negative one, here and in all networks around this one. */
    void addWeight(long weight) {
        for (HolderNode<T> node = this; node != null; node = node.parent) {
            node.held += weight;
        }
    }

    /** The queue of the early items, or of the others; made if there is none so far. */
    PlaceQueue<T> queue(boolean isEarly) {
        PlaceQueue<T> queue = isEarly ? early : late;
        if (queue == null) {
            queue = new PlaceQueue<>();
            if (isEarly) {
                early = queue;
            } else {
                late = queue;
            }
        }
        return queue;
    }

    /** The item in it that gives way first; null if it has none. */
    @Nullable
    Place<T> first() {
        HolderNode<T> node = this;
        while (!node.children.isEmpty()) {
            node = node.children.get(0);
        }
        Place<T> place = node.early == null ? null : node.early.first;
        return place != null || node.late == null ? place : node.late.first;
    }

    /** Of this network and those around it, the one that holds most in relation to its size. */
    Holder worst() {
        HolderNode<T> worst = this;
        for (HolderNode<T> node = this; !node.isTop(); node = node.above()) {
            if (node.share() > worst.share()) {
                worst = node;
            }
        }
        return new Holder(worst.network(), worst.held);
    }

    private long share() {
        return held * PrefixLevels.factor(PrefixLevels.LEVELS_V6 - 1 - level);
    }

    /** Computes its rank again after a change in it. */
    void weigh() {
        burden = children.isEmpty() ? share() : Math.max(share(), children.get(0).burden);
    }

    // ---- the heap of the networks in it

    void join(HolderNode<T> child) {
        child.index = children.size();
        children.add(child);
    }

    void leave(HolderNode<T> child) {
        HolderNode<T> last = children.remove(children.size() - 1);
        if (last != child) {
            put(last, child.index);
            sort(last);
        }
    }

    /** Moves a child to its place in the heap. */
    void sort(HolderNode<T> child) {
        int at = child.index;
        while (at > 0 && child.isBefore(children.get((at - 1) / 2))) {
            put(children.get((at - 1) / 2), at);
            at = (at - 1) / 2;
        }
        for (int below = firstBelow(at);
                below < children.size() && children.get(below).isBefore(child);
                below = firstBelow(at)) {
            put(children.get(below), at);
            at = below;
        }
        put(child, at);
    }

    /** The index of the first of the two children below an index; beyond the end if there is none. */
    private int firstBelow(int at) {
        int left = 2 * at + 1;
        boolean right = left + 1 < children.size() && children.get(left + 1).isBefore(children.get(left));
        return right ? left + 1 : left;
    }

    private boolean isBefore(HolderNode<T> other) {
        if (burden != other.burden) {
            return burden > other.burden;
        }
        Place<T> mine = first();
        Place<T> others = other.first();
        return mine != null && others != null && mine.isBefore(others);
    }

    private void put(HolderNode<T> child, int at) {
        children.set(at, child);
        child.index = at;
    }
}
