package net.voltlane.server.guard;

/**
 * The shares of the room for connections: for new clients, for returning clients, and for links that wait for their
 * peers to close. Immutable.
 *
 * @param room the number of connections that there is room for
 */
record Shares(int room) {
    /** The resume reserve is this part of all handshakes. */
    private static final long RESERVE_SHARE = 4;
    /** Returning clients have this part of the room for connections, up to {@link #RESERVE_MOST_OF_ROOM} places. */
    private static final int RESERVE_SHARE_OF_ROOM = 8;

    private static final int RESERVE_MOST_OF_ROOM = 8 * 1024;
    /** The size of the reserve without a limit on handshakes: the same as with the default limit. */
    private static final long RESERVE_WITHOUT_LIMIT = 2_500;

    /** Places for handshakes outside of the reserve, and for links. The rest is left for returning clients. */
    int forNew() {
        return room - Math.min(room / RESERVE_SHARE_OF_ROOM, RESERVE_MOST_OF_ROOM);
    }

    /** Places for handshakes in the resume reserve. */
    long reserve(ConnectionLimits bounds) {
        long share = bounds.handshakes() == 0 ? RESERVE_WITHOUT_LIMIT : bounds.handshakes() / RESERVE_SHARE;
        // The other half of what is kept is for closing links, and for the newcomers to a full reserve, which are there
        // before the others have given way.
        return Math.max(1, Math.min(share, kept() / 2));
    }

    /** Places for handshakes outside of the resume reserve. */
    long forAll(ConnectionLimits bounds) {
        return bounds.handshakes() == 0 ? Long.MAX_VALUE : Math.max(1, bounds.handshakes() - reserve(bounds));
    }

    /** Places for links that wait for their peers to close, because their sessions have other links. */
    long replaced() {
        return Math.max(1, kept() / 4);
    }

    private long kept() {
        return (long) room - forNew();
    }
}
