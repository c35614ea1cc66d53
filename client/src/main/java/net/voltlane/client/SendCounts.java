package net.voltlane.client;

import net.voltlane.protocol.Limits;

/**
 * The numbers of a session of version 3 in the direction from the client to the server.
 *
 * @param first the number of the first packet that is kept, or of the next one if none is
 * @param acknowledged the number of the last packet that the backend has acknowledged
 * @param everSent the highest number that was ever given to a packet
 */
record SendCounts(long first, long acknowledged, long everSent) {

    static final SendCounts NONE = new SendCounts(1, 0, 0);

    /** Returns the {@code kept} of a Resume. */
    long kept() {
        return first;
    }

    /**
     * Tells whether the server's count fits this history: nothing is missing between what it has read and what is kept,
     * and it has read nothing that was never sent.
     */
    boolean fit(long accepted) {
        return accepted >= first - 1 && accepted <= everSent;
    }

    /** Returns the counts of a history whose packets are not kept. */
    SendCounts withoutPackets() {
        return new SendCounts(acknowledged + 1, acknowledged, everSent);
    }

    /** Tells whether these are counts that a session can have. */
    boolean arePossible() {
        return acknowledged >= 0 && acknowledged < first && first <= everSent + 1 && everSent < Limits.MAX_COUNT;
    }
}
