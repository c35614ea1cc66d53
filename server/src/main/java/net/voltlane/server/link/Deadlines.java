package net.voltlane.server.link;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Items that are due the same time after they were begun, so that a list in order of beginning is in order of dueness:
 * one sweep a tick instead of a timer per link. Belongs to one loop.
 */
public final class Deadlines<T> {
    /** One item that is due; {@link #cancel} before that. */
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

        /** Another takes its place on the list, due when this one was. */
        public void passTo(T successor) {
            item = successor;
        }

        /** Takes it off the list; a second call does nothing. */
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

    /** The longest waiting; null where there is none. */
    public @Nullable T oldest() {
        return first == null ? null : first.item;
    }

    /** Takes off the list and acts on what is due. */
    public void run(long nowNanos) {
        for (Entry entry = first; entry != null && entry.dueNanos - nowNanos <= 0; entry = first) {
            entry.cancel();
            whenDue.accept(entry.item);
        }
    }

    /** Everything on the list, the longest waiting first. */
    public List<T> items() {
        List<T> items = new ArrayList<>();
        for (Entry entry = first; entry != null; entry = entry.next) {
            items.add(entry.item);
        }
        return items;
    }
}
