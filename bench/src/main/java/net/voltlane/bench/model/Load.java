package net.voltlane.bench.model;

import static net.voltlane.bench.model.InvalidPlanException.expect;

/**
 * The load on the server.
 *
 * @param clients how many, 1 to 1,000,000
 * @param sizeBytes of each message, 4 to 8 MiB less a tag; below 8 only up to 65,536 clients can be told apart
 * @param depth closed loop: messages that each client has under way, 1 to 10,000
 * @param ratePerSecond open loop: messages a second, all clients together (fan-out: messages of the backend, each to
 *     all clients); 0 for the closed loop; to 100,000,000
 * @param underWay handshakes that are under way at a time, 1 to 10,000
 * @param rounds storms: how often, 0 for as often as the time allows; to 1,000,000
 * @param floodPerSecond stalled: messages of 1 KiB a second to the client that does not read, 1 to 10,000,000
 */
public record Load(
        int clients, int sizeBytes, int depth, long ratePerSecond, int underWay, int rounds, long floodPerSecond) {

    /** The smallest message: sixteen bits of the client and sixteen of the sequence. */
    public static final int MIN_SIZE_BYTES = 4;

    /** The smallest message that tells all clients apart. */
    public static final int WHOLE_HEADER_BYTES = 8;

    private static final int MAX_CLIENTS_IN_SMALL_MESSAGES = 65_536;
    private static final int MAX_SIZE_BYTES = 8_388_599;

    /** Checks the ranges. */
    public Load {
        expect("clients", clients, 1, 1_000_000);
        expect("size", sizeBytes, MIN_SIZE_BYTES, MAX_SIZE_BYTES);
        expect("depth", depth, 1, 10_000);
        expect("rate", ratePerSecond, 0, 100_000_000);
        expect("under-way", underWay, 1, 10_000);
        expect("rounds", rounds, 0, 1_000_000);
        expect("flood", floodPerSecond, 1, 10_000_000);
        if (sizeBytes < WHOLE_HEADER_BYTES && clients > MAX_CLIENTS_IN_SMALL_MESSAGES) {
            throw new InvalidPlanException(
                    "size",
                    sizeBytes,
                    "at least " + WHOLE_HEADER_BYTES + ", to tell more than " + MAX_CLIENTS_IN_SMALL_MESSAGES
                            + " clients apart");
        }
    }

    /** The default load. */
    public static Load defaults(Scenario scenario) {
        return switch (scenario) {
            case ECHO -> new Load(100, 64, 1, 0, 64, 0, 20_000);
            case FAN_OUT -> new Load(1_000, 64, 1, 50, 64, 0, 20_000);
            case CONNECT_STORM, TLS_STORM -> new Load(2_000, 64, 1, 0, 64, 0, 20_000);
            case RESUME_STORM -> new Load(1_000, 64, 1, 0, 64, 0, 20_000);
            case IDLE -> new Load(5_000, 64, 1, 0, 64, 0, 20_000);
            case STALLED -> new Load(200, 64, 1, 10_000, 64, 0, 20_000);
        };
    }

    /** True if messages are due by the clock, and not when the previous echo comes. */
    public boolean isOpenLoop() {
        return ratePerSecond > 0;
    }
}
