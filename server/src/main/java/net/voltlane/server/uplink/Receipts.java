package net.voltlane.server.uplink;

/**
 * The count of numbered packets that were received from the master, and of those that it was told of. Belongs to the
 * session loop.
 */
final class Receipts {
    /** An Ack is due after so many packets. */
    static final int PACKETS = 64;
    /** An Ack is due after so many bytes. */
    static final int BYTES = 64 * 1024;
    /** An Ack is due after so long. */
    static final int MILLIS = 50;

    private long received;
    private long told;
    private long untoldBytes;
    private boolean isLate;

    /** Counts a packet. */
    void add(int bytes) {
        received++;
        untoldBytes += bytes;
    }

    /** Numbered packets received in all from this instance of the master. */
    long received() {
        return received;
    }

    /** True if the master does not know of all. */
    boolean isPending() {
        return told < received;
    }

    /** True if the master has to be told now. */
    boolean isDue() {
        return isPending() && (isLate || received - told >= PACKETS || untoldBytes >= BYTES);
    }

    /** The packets that the master does not know of have waited for long enough. Nothing changes where there are none. */
    void isLate() {
        isLate = isPending();
    }

    /** The master is told of all of them now. Returns their number. */
    long tell() {
        told = received;
        untoldBytes = 0;
        isLate = false;
        return received;
    }

    /** Another instance of the master: counts begin anew. */
    void reset() {
        received = 0;
        tell();
    }
}
