package net.voltlane.server.metrics;

import org.jspecify.annotations.Nullable;

/** An entry of the catalogue of everything that the server publishes. */
public sealed interface Figure permits Metric, Gauge, Timing, LoopFigure {
    /** The family of series that this one belongs to; a series without a label is a family of its own. */
    Family family();

    /** The fixed value of the family's label; null if the family has no label, or one for each event loop. */
    @Nullable
    String labelValue();

    /** The explanation for operators, in one line. */
    String help();

    /** The published name, with the label if its value is fixed. */
    default String series() {
        String value = labelValue();
        return value == null ? family().name() : family().name() + "{" + family().label() + "=\"" + value + "\"}";
    }
}
