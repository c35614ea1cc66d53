package net.voltlane.server.link;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A list of items that are all due the same time after they were added. So the list is in the order in which they are
 * due, and one sweep replaces a timer for each link. Belongs to one loop.
 */
public final class Deadlines<T> {
    /** An item with its deadline. */
    public final class Entry {
        private long dueNanos;
        private T item;
        private @Nullable Entry previous;
        private @Nullable Entry next;
        private boolean listed = true;

        private Entry(long dueNanos, T item) {
            this.dueNanos = dueNanos;
            this.item = item;
        }

        /** Puts another item in the place of this one, with the same deadline. */
        public void passTo(T successor) {
            item = successor;
        }

        /** Takes the item off the list. A second call does nothing. */
        public void cancel() {
            if (!listed) {
                return;
            }
            listed = false;
            if (previous == null) {
                first = next;
            } else {
                previous.next = next;
            }
            if (next == null) {
                last = previous;
            } else {
                next.previous = previous;
            }
        }
    }

    private long afterNanos;
    private final Consumer<T> whenDue;
    private @Nullable Entry first;
    private @Nullable Entry last;

    public Deadlines(long afterNanos, Consumer<T> whenDue) {
        this.afterNanos = afterNanos;
        this.whenDue = whenDue;
    }

    /**
     * Changes the time after which items are due. An item on the list keeps its time, or is due the new time from
     * {@code nowNanos} on if that is sooner: so the list stays in order.
     */
    public void after(long nanos, long nowNanos) {
        afterNanos = nanos;
        long latestNanos = nowNanos + nanos;
        for (Entry entry = last; entry != null && entry.dueNanos - latestNanos > 0; entry = entry.previous) {
            entry.dueNanos = latestNanos;
        }
    }

    /** {@code item} is due the fixed time from {@code nowNanos} on; calls come in the order of their times. */
    public Entry add(long nowNanos, T item) {
        Entry entry = new Entry(nowNanos + afterNanos, item);
        entry.previous = last;
        if (last == null) {
            first = entry;
        } else {
            last.next = entry;
        }
        last = entry;
        return entry;
    }

    /** The item that is due next; null if there is none. */
    public @Nullable T oldest() {
        return first == null ? null : first.item;
    }

    /** Takes the items that are due off the list, and acts on each. */
    public void run(long nowNanos) {
        for (Entry entry = first; entry != null && entry.dueNanos - nowNanos <= 0; entry = first) {
            entry.cancel();
            whenDue.accept(entry.item);
        }
    }

    /** All items, in the order in which they are due. */
    public List<T> items() {
        List<T> items = new ArrayList<>();
        for (Entry entry = first; entry != null; entry = entry.next) {
            items.add(entry.item);
        }
        return items;
    }
}
