package net.voltlane.server.metrics;

import org.jspecify.annotations.Nullable;

/** The catalogue of figures of which each event loop has one, with a label of its number. */
public enum LoopFigure implements Figure {
    CPU(
            "voltlane_loop_cpu_seconds_total",
            Family.Type.COUNTER,
            "CPU time that an event loop has used",
            "Its rate is the utilisation of the loop: near 1, that thread is the bottleneck. If one loop is busier than"
                    + " the others, it is the session loop, or has the noisiest clients."),
    LONGEST_DELAY(
            "voltlane_loop_longest_delay_seconds",
            Family.Type.GAUGE,
            "longest time by which a sweep of the event loop came too late, in the last 30 to 60 seconds",
            "Above 0.25 the clients of that loop notice. Look at its CPU time, at garbage collection and at the machine.");

    /** The name of the label of all of them. */
    static final String LABEL = "loop";

    private final Family family;

    LoopFigure(String name, Family.Type type, String help, String look) {
        family = new Family(name, type, Unit.SECONDS, LABEL, help, look);
    }

    @Override
    public Family family() {
        return family;
    }

    @Override
    public @Nullable String labelValue() {
        return null;
    }

    @Override
    public String help() {
        return family.help();
    }
}
