package net.voltlane.bench.model;

import java.util.List;

/**
 * The result of a run.
 *
 * @param plan what was asked
 * @param surroundings where it ran
 * @param figures its numbers, in the order of a table
 * @param distributions its latencies
 * @param moments second by second, the warm-up included
 * @param faults what must not happen
 * @param notes remarks for readers of the figures
 */
public record Result(
        Plan plan,
        RunEnvironment surroundings,
        List<Figure> figures,
        List<Distribution> distributions,
        List<Moment> moments,
        FaultCounts faults,
        List<String> notes) {

    /** Copies the lists. */
    public Result {
        figures = List.copyOf(figures);
        distributions = List.copyOf(distributions);
        moments = List.copyOf(moments);
        notes = List.copyOf(notes);
    }

    /** True if there were no faults. */
    public boolean isFine() {
        return faults.total() == 0;
    }
}
