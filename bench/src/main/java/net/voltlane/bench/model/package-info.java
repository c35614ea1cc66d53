/**
 * The plan of a run, and its result. Start at {@link net.voltlane.bench.model.Plan} and
 * {@link net.voltlane.bench.model.Result}. Values only.
 */
@NullMarked
package net.voltlane.bench.model;

import org.jspecify.annotations.NullMarked;
