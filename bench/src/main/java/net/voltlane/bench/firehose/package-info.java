/**
 * The backend of a run: echoes, and sends of its own accord. Start at {@link net.voltlane.bench.firehose.BenchBackend}.
 */
@NullMarked
package net.voltlane.bench.firehose;

import org.jspecify.annotations.NullMarked;
