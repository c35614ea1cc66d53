package net.voltlane.bench.model;

import org.HdrHistogram.Histogram;

/**
 * The latencies of one kind.
 *
 * @param name what was timed
 * @param histogram nanoseconds; not changed any more
 */
public record Distribution(String name, Histogram histogram) {}
