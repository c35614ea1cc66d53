/**
 * The catalogue of all figures that the server publishes, and their values. Start at {@link
 * net.voltlane.server.metrics.Metric} and {@link net.voltlane.server.metrics.Gauge}.
 */
@NullMarked
package net.voltlane.server.metrics;

import org.jspecify.annotations.NullMarked;
