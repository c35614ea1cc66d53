package net.voltlane.server.address;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.server.address.Holders.Holder;
import net.voltlane.server.address.Holders.Place;
import org.jspecify.annotations.Nullable;

/**
 * One network among {@link Holders}: the smallest ones have items, the others have smaller networks, which form a heap
 * whose first holds most.
 */
final class HolderNode<T> {
    private final @Nullable Cidr network;
    private final @Nullable HolderNode<T> parent;

    private final int step;
    /** The weights of all items in it. */
    long held;
    /** What it counts as beside others: a whole number for each share of a network. */
    private long burden;

    private @Nullable PlaceLine<T> early;
    private @Nullable PlaceLine<T> late;

    /** The networks in it as a heap; empty where it has items. */
    private final List<HolderNode<T>> children;
    /** Its place in its parent's heap. */
    private int index;

    /**
     * @param network null for the top
     * @param parent null for the top
     */
    HolderNode(@Nullable Cidr network, @Nullable HolderNode<T> parent, int step, boolean isLeaf) {
        this.network = network;
        this.parent = parent;
        this.step = step;
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

    /** It and all those around it hold so much more, or less. */
    void holds(long weight) {
        for (HolderNode<T> node = this; node != null; node = node.parent) {
            node.held += weight;
        }
    }

    /** Items that give way before, or behind, the others; made where there are none so far. */
    PlaceLine<T> line(boolean isEarly) {
        PlaceLine<T> line = isEarly ? early : late;
        if (line == null) {
            line = new PlaceLine<>();
            if (isEarly) {
                early = line;
            } else {
                late = line;
            }
        }
        return line;
    }

    /** The item in it that gives way first; null where it has none. */
    @Nullable
    Place<T> first() {
        HolderNode<T> node = this;
        while (!node.children.isEmpty()) {
            node = node.children.get(0);
        }
        Place<T> place = node.early == null ? null : node.early.first;
        return place != null || node.late == null ? place : node.late.first;
    }

    /** It, or one of those around it: the one that holds most for its size. */
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
        return held * Ladder.factor(Ladder.STEPS_V6 - 1 - step);
    }

    /** What it holds has changed, or what is in it. */
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

    /** Puts a child where it belongs. */
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

    /** Of the two places below this one the one whose child comes first; behind the last one where there is none. */
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
