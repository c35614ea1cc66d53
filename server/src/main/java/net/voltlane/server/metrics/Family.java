package net.voltlane.server.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The series of one name. Prometheus knows one type and one explanation for all of them.
 *
 * @param name the published name, without labels
 * @param label the name of the label by which the series differ; null if there is one series
 * @param help the explanation for operators, in one line
 * @param look what an operator does about it, in whole sentences
 */
public record Family(
        String name, Type type, Unit unit, @Nullable String label, String help, String look) {
    /** The types of Prometheus that the catalogue uses. */
    public enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM;

        /** The type as operators read it. */
        public String text() {
            return this == COUNTER ? "counter" : this == GAUGE ? "gauge" : "histogram";
        }
    }
}
