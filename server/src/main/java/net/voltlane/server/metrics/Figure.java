package net.voltlane.server.metrics;

/** An entry of the catalogue of everything that the server publishes: a {@link Metric} or a {@link Gauge}. */
interface Figure {
    /** The published name, labels included. */
    String series();

    /** The explanation for operators, in one line. */
    String help();
}
