package net.voltlane.client;

/**
 * How much a buffer may hold. One packet always fits into an empty one, however long it is.
 *
 * @param packets at least 1
 * @param bytes of payloads, at least 1
 */
record Bounds(int packets, long bytes) {

    Bounds {
        if (packets < 1) {
            throw new IllegalArgumentException("maxPackets: " + packets + " (expected: at least 1)");
        }
        if (bytes < 1) {
            throw new IllegalArgumentException("maxBytes: " + bytes + " (expected: at least 1)");
        }
    }

    /** Whether a packet of {@code next} bytes may join those that are held. */
    boolean admit(int heldPackets, long heldBytes, int next) {
        return heldPackets == 0 || heldPackets < packets && heldBytes + next <= bytes;
    }
}
