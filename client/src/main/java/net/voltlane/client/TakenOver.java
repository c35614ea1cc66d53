package net.voltlane.client;

/**
 * The count of packets that the program has taken over in this session, and of those that the server was told of. A
 * packet is taken over when {@code receive} has returned it, or when the handler has returned.
 *
 * <p>The thread that hands packets over counts them: one at a time, under the lock of the {@link ReceiveQueue} or on the
 * supervisor's thread. The writer reads the counts. {@link #add} says when the writer has to be woken. A writer that
 * goes to sleep for long has to say so first ({@link #sleeps}), and then look at {@link #isOwed} again.
 */
final class TakenOver {

    /** The most packets that are taken over before the server is told. */
    static final int MAX_PACKETS = 64;

    /** The most bytes that are taken over before the server is told. */
    static final int MAX_BYTES = 64 * 1024;

    private volatile long packets;
    private volatile long bytes;

    // Written under the lock of the send queue.
    private volatile long toldPackets;
    private volatile long toldBytes;

    private volatile boolean asleep;

    /** True if the writer has been woken for an acknowledgement that it has not written yet. */
    private volatile boolean woken;

    /** @param packets how many were taken over before, by an earlier process */
    TakenOver(long packets) {
        this.packets = packets;
        this.toldPackets = packets;
    }

    /** Returns the number of packets taken over in all. */
    long packets() {
        return packets;
    }

    /**
     * Counts a packet.
     *
     * @return true if the writer has to be woken
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
    boolean add(int payloadBytes) {
        bytes += payloadBytes;
        packets++;
        if (asleep) {
            asleep = false;
            return true;
        }
        if (!woken && isDue()) {
            woken = true;
            return true;
        }
        return false;
    }

    // ---- for the writer

    /** Tells whether the server has to be told at once. */
    boolean isDue() {
        return packets - toldPackets >= MAX_PACKETS || bytes - toldBytes >= MAX_BYTES;
    }

    /** Tells whether there is something that the server has not been told. */
    boolean isOwed() {
        return packets != toldPackets;
    }

    /** Returns the count for an acknowledgement that goes out now. */
    long tell() {
        woken = false;
        toldBytes = bytes;
        long count = packets;
        toldPackets = count;
        return count;
    }

    /** Says whether the writer sleeps so long that it has to be woken by the next packet. */
    void sleeps(boolean now) {
        asleep = now;
    }
}
