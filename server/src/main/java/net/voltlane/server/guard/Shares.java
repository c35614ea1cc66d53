package net.voltlane.server.guard;

/**
 * How the room for connections is shared between those who may be strangers, those who come back, and those who are on
 * their way out.
 *
 * @param room for how many connections there is room
 */
record Shares(int room) {
    /** The part of all handshakes that is kept for those who come back. */
    private static final long LANE_SHARE = 4;
    /** The part of the machine's room for connections that is kept for them, and how many these are at the most. */
    private static final int LANE_SHARE_OF_ROOM = 8;

    private static final int LANE_MOST_OF_ROOM = 8 * 1024;
    /** Places in the reserve where the number of handshakes has no limit: as many as by the default of that. */
    private static final long LANE_WITHOUT_LIMIT = 2_500;

    /** Those that may be handshakes of strangers, or their links: else nobody could come back. */
    int forNew() {
        return room - Math.min(room / LANE_SHARE_OF_ROOM, LANE_MOST_OF_ROOM);
    }

    /** Handshakes of those who may only come back. */
    long reserve(ConnectionLimits bounds) {
        long share = bounds.handshakes() == 0 ? LANE_WITHOUT_LIMIT : bounds.handshakes() / LANE_SHARE;
        // Half of what is kept: the other half is for whom one in a full reserve has to give way to, and for closing
        // links.
        return Math.max(1, Math.min(share, kept() / 2));
    }

    /** Handshakes of those of whom nobody knows yet what they want. */
    long forAll(ConnectionLimits bounds) {
        return bounds.handshakes() == 0 ? Long.MAX_VALUE : Math.max(1, bounds.handshakes() - reserve(bounds));
    }

    /** Links whose session has another one by now, and that wait for their peer to close. */
    long replaced() {
        return Math.max(1, kept() / 4);
    }

    private long kept() {
        return (long) room - forNew();
    }
}
