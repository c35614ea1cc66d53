package net.voltlane.server.session;

/** A session's past, for the line about its end. Kept at Debug only. Belongs to the session loop. */
final class SessionHistory {
    final long openedAtNanos;
    /** The address of its latest link. */
    Object from;

    long packetsUp;
    long bytesUp;
    long packetsDown;
    long bytesDown;

    SessionHistory(long openedAtNanos, Object from) {
        this.openedAtNanos = openedAtNanos;
        this.from = from;
    }

    /** A packet of the master's came for it. */
    void down(int bytes) {
        packetsDown++;
        bytesDown += bytes;
    }

    /** Upstream without the present link. */
    SessionView.Counts counts() {
        return new SessionView.Counts(packetsUp, bytesUp, packetsDown, bytesDown);
    }
}
