package net.voltlane.bench.model;

import org.HdrHistogram.Histogram;

/**
 * Latencies under one name.
 *
 * @param name what was timed
 * @param histogram nanoseconds; not changed any more
 */
public record Distribution(String name, Histogram histogram) {}
