package net.voltlane.bench.model;

import static net.voltlane.bench.model.InvalidPlanException.expect;

/**
 * The settings of the load generator.
 *
 * @param threads that clients are spread over, 1 to 256
 * @param sourceAddresses clients are spread over 127.0.0.1 to 127.0.0.this, 1 to 254; more than 1 for a server on
 *     loopback only
 */
public record Generator(int threads, int sourceAddresses) {

    /** The default: one thread and one address. */
    public static final Generator DEFAULT = new Generator(1, 1);

    /** Checks the ranges. */
    public Generator {
        expect("threads", threads, 1, 256);
        expect("source-addresses", sourceAddresses, 1, 254);
    }
}
