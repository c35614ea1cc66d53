/**
 * Measures a connection server: starts what is missing, plays a scenario, records it. Start at
 * {@link net.voltlane.bench.Bench}; what a run is asked and what it finds is in {@link net.voltlane.bench.model}, how
 * the load is made in {@link net.voltlane.bench.load}, and what is shown of it in {@link net.voltlane.bench.report}.
 */
@NullMarked
package net.voltlane.bench;

import org.jspecify.annotations.NullMarked;
