package net.voltlane.server.session;

/**
 * The permission to resume one session, for a client that proves that it holds the key of {@link #clientKey}. It is good
 * for the session that it was found for, and for no later one with the same id. Immutable, and thread-safe.
 */
public final class ResumeToken {
    private final SessionRecord record;

    ResumeToken(SessionRecord record) {
        this.record = record;
    }

    /** The public key of the session's client, compressed. The caller leaves it unchanged. */
    public byte[] clientKey() {
        return record.clientKey();
    }

    SessionRecord record() {
        return record;
    }
}
