package net.voltlane.admin.history;

import java.util.Arrays;

/**
 * The last samples of all series, one in each slot of time. A slot in which nothing was sampled holds NaN. Everything is
 * allocated at the start. Belongs to one thread.
 */
final class Ring {
    private static final int SERIES = Series.values().length;

    final int capacity;
    /** The samples of a slot lie side by side. */
    private final float[] values;
    /** The number of the newest slot, counted from the start; -1 before the first. */
    private long newest = -1;

    private long first;

    Ring(int capacity) {
        this.capacity = capacity;
        values = new float[capacity * SERIES];
    }

    /**
     * Keeps the samples of a slot, and forgets what is older than the capacity.
     *
     * @param slot larger than that of every call before
     */
    void put(long slot, float[] samples) {
        assert slot > newest && samples.length == SERIES : slot + " after " + newest;
        if (newest < 0) {
            first = slot;
        } else {
            for (long missed = Math.max(newest + 1, slot - capacity + 1); missed < slot; missed++) {
                Arrays.fill(values, at(missed), at(missed) + SERIES, Float.NaN);
            }
        }
        System.arraycopy(samples, 0, values, at(slot), SERIES);
        newest = slot;
    }

    /** The number of slots that can be read. */
    int size() {
        return newest < 0 ? 0 : (int) Math.min(capacity, newest - first + 1);
    }

    /** The number of the newest slot; -1 while there is none. */
    long newest() {
        return newest;
    }

    /**
     * A sample, or NaN.
     *
     * @param back the number of slots before the newest, below {@link #size}
     */
    float get(Series series, int back) {
        assert back >= 0 && back < size() : back + " of " + size();
        return values[at(newest - back) + series.ordinal()];
    }

    private int at(long slot) {
        return (int) (slot % capacity) * SERIES;
    }
}
