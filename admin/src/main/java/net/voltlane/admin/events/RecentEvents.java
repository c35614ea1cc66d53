package net.voltlane.admin.events;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * A ring of the last {@value #CAPACITY} lines of the log. A line costs the thread that logs it the copy of a few
 * references, and no text. Readers ask for what is new: a listener would let a flood of lines wake them each time.
 * Thread-safe.
 */
public final class RecentEvents {
    /** The number of lines that are kept. */
    public static final int CAPACITY = 200;

    private final RecentEvent[] ring = new RecentEvent[CAPACITY];
    /** The number of lines so far. */
    private long count;

    /** An empty ring. */
    public RecentEvents() {}

    /**
     * Keeps a line, and forgets the oldest.
     *
     * @param atMillis milliseconds since 1970
     * @param message cut at 1000 characters
     * @param fields sixteen at most are kept, texts cut at 300 characters. Their values must not change any more
     */
    public void add(long atMillis, Level level, String message, List<KeyValuePair> fields) {
        RecentEvent event = new RecentEvent(atMillis, level, message, fields);
        synchronized (this) {
            ring[(int) (count++ % CAPACITY)] = event;
        }
    }

    /** The last {@code most} lines, newest first, as what the API writes in JSON. */
    public List<?> newest(int most) {
        List<RecentEvent> found = new ArrayList<>();
        synchronized (this) {
            long first = Math.max(0, count - Math.min(most, CAPACITY));
            for (long at = count - 1; at >= first; at--) {
                found.add(ring[(int) (at % CAPACITY)]);
            }
        }
        return found.stream().map(RecentEvent::json).toList();
    }

    /** The number of lines so far, for {@link #after}. */
    public synchronized long count() {
        return count;
    }

    /**
     * The lines after the first {@code seen}, oldest first.
     *
     * @param seen the {@link Batch#count} of the batch before, or {@link #count}
     */
    public Batch after(long seen) {
        List<RecentEvent> found = new ArrayList<>();
        long now;
        long first;
        synchronized (this) {
            now = count;
            first = Math.max(seen, now - CAPACITY);
            for (long at = first; at < now; at++) {
                found.add(ring[(int) (at % CAPACITY)]);
            }
        }
        return new Batch(found.stream().map(RecentEvent::json).toList(), first - seen, now);
    }

    /**
     * New lines.
     *
     * @param lines oldest first, as what the API writes in JSON
     * @param missed the number of lines before these that are no longer in the ring
     * @param count the number of lines so far
     */
    public record Batch(List<?> lines, long missed, long count) {}
}
