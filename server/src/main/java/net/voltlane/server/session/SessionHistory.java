package net.voltlane.server.session;

/** Counts and times for the log line about a session's end. Kept only at Debug. Belongs to the session loop. */
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

    /** Counts a packet from the master. */
    void down(int bytes) {
        packetsDown++;
        bytesDown += bytes;
    }

    /** The counts; upstream, those of earlier links alone. */
    SessionView.Counts counts() {
        return new SessionView.Counts(packetsUp, bytesUp, packetsDown, bytesDown);
    }
}
