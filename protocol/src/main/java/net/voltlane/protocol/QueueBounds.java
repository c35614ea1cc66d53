package net.voltlane.protocol;

/**
 * The bounds of a queue of packets. One packet always fits into an empty queue, however long the packet is: a bound in
 * bytes that is smaller than a packet must not make that packet undeliverable.
 *
 * @param packets the most packets that may wait; with 0 nothing may
 * @param bytes the most bytes that may wait; {@code Long.MAX_VALUE} for no bound
 */
public record QueueBounds(long packets, long bytes) {

    /** Bounds in bytes alone. */
    public static QueueBounds ofBytes(long bytes) {
        return new QueueBounds(Long.MAX_VALUE, bytes);
    }

    /** Returns true if a packet of {@code nextBytes} may join the packets that wait. */
    public boolean admits(long waitingPackets, long waitingBytes, long nextBytes) {
        return waitingPackets < packets && (waitingPackets == 0 || nextBytes <= bytes - waitingBytes);
    }

    /**
     * Returns true if more waits than may. For queues that learn only afterwards what had to wait: of several packets
     * that were added at once, the last must still have been admitted.
     */
    public boolean areExceededBy(long waitingPackets, long waitingBytes) {
        return waitingPackets > packets || waitingPackets > 1 && waitingBytes > bytes;
    }

    /**
     * Answers if so much waits that whoever sends should hold back, from half of either bound on, and until no more than a
     * quarter of both is left.
     *
     * @param isMuch the answer before
     */
    public boolean areMuchUsedBy(long waitingPackets, long waitingBytes, boolean isMuch) {
        return isMuch
                ? waitingPackets > packets / 4 || waitingBytes > bytes / 4
                : waitingPackets >= packets - packets / 2 || waitingBytes >= bytes - bytes / 2;
    }

    /** Returns true if at most half of either bound waits. */
    public boolean areHalfFreeWith(long waitingPackets, long waitingBytes) {
        return waitingPackets <= packets / 2 && waitingBytes <= bytes / 2;
    }
}
