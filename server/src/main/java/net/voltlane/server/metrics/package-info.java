/**
 * One documented catalogue of what is counted, and the counters. Start at {@link net.voltlane.server.metrics.Metric}.
 */
@NullMarked
package net.voltlane.server.metrics;

import org.jspecify.annotations.NullMarked;
