/**
 * The server's figures in the formats of Prometheus and OpenMetrics. Start at {@link
 * net.voltlane.admin.prometheus.MetricsEndpoint}.
 */
@NullMarked
package net.voltlane.admin.prometheus;

import org.jspecify.annotations.NullMarked;
