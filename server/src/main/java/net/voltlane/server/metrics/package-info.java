/**
 * The catalogue of all figures that the server publishes, and their values. Start at {@link
 * net.voltlane.server.metrics.Metric}, {@link net.voltlane.server.metrics.Gauge}, {@link
 * net.voltlane.server.metrics.Timing} and {@link net.voltlane.server.metrics.LoopFigure}.
 */
@NullMarked
package net.voltlane.server.metrics;

import org.jspecify.annotations.NullMarked;
