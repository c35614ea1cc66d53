package net.voltlane.bench.model;

/**
 * A number of a result.
 *
 * @param name in JSON, in snake_case
 * @param label in tables
 * @param value in {@code unit}
 * @param unit what it counts
 * @param remark for people, may be empty
 */
public record Figure(String name, String label, double value, Unit unit, String remark) {

    /** The unit of a figure. */
    public enum Unit {
        /** Things. */
        COUNT,
        /** Things a second. */
        PER_SECOND,
        /** Seconds. */
        SECONDS,
        /** Microseconds. */
        MICROS,
        /** Bytes. */
        BYTES,
        /** Processor cores that are kept busy. */
        CORES
    }

    /** A figure without a remark. */
    public static Figure of(String name, String label, double value, Unit unit) {
        return new Figure(name, label, value, unit, "");
    }
}
