package net.voltlane.bench.model;

import static net.voltlane.bench.model.InvalidPlanException.expect;

import net.voltlane.protocol.Limits;

/**
 * The settings of the load generator.
 *
 * @param threads that clients are spread over, 1 to 256
 * @param sourceAddresses clients are spread over 127.0.0.1 to 127.0.0.this, 1 to 254; more than 1 for a server on
 *     loopback only
 * @param protocol version of the protocol that clients speak, 2 or 3
 */
public record Generator(int threads, int sourceAddresses, int protocol) {

    /** The default: one thread, one address and version 2. */
    public static final Generator DEFAULT = new Generator(1, 1, Limits.PROTOCOL_VERSION);

    /** Checks the ranges. */
    public Generator {
        expect("threads", threads, 1, 256);
        expect("source-addresses", sourceAddresses, 1, 254);
        expect("protocol", protocol, Limits.PROTOCOL_VERSION, Limits.PROTOCOL_VERSION_3);
    }
}
