package net.voltlane.bench.model;

import org.jspecify.annotations.Nullable;

/**
 * The faults of a run. A run is fine only if there were none.
 *
 * @param lost messages that never came
 * @param reordered messages that came after one that was sent later, or twice
 * @param misrouted messages of another client
 * @param corrupted messages of a wrong length or content
 * @param closed links that ended unasked
 * @param refused handshakes that failed
 * @param first the first of them, in words; null if there was none
 */
public record FaultCounts(
        long lost,
        long reordered,
        long misrouted,
        long corrupted,
        long closed,
        long refused,
        @Nullable String first) {

    /** No faults. */
    public static final FaultCounts NONE = new FaultCounts(0, 0, 0, 0, 0, 0, null);

    /** The number of all faults. */
    public long total() {
        return lost + reordered + misrouted + corrupted + closed + refused;
    }

    /** The sum of two; the first of this one, if it has one, stays the first. */
    public FaultCounts plus(FaultCounts more) {
        return new FaultCounts(
                lost + more.lost,
                reordered + more.reordered,
                misrouted + more.misrouted,
                corrupted + more.corrupted,
                closed + more.closed,
                refused + more.refused,
                first == null ? more.first : first);
    }
}
