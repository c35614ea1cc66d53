package net.voltlane.server.session;

import net.voltlane.proof.SessionKey;
import org.jspecify.annotations.Nullable;

/**
 * The permission to resume one session, for a client that proves that it holds the key of {@link #clientKey}. It is good
 * for the session that it was found for, and for no later one with the same id. In version 3 it is outdated once another
 * link has resumed the session. Immutable, and thread-safe.
 */
public final class ResumeToken {
    private final SessionRecord record;
    private final int claims;
    private final boolean isKeyKnown;
    private final @Nullable SessionKey sessionKey;

    ResumeToken(SessionRecord record) {
        this.record = record;
        Version3Part version3 = record.version3();
        claims = version3 == null ? 0 : version3.claims();
        isKeyKnown = version3 != null && version3.isKeyKnown();
        sessionKey = version3 == null ? null : version3.key();
    }

    /** The session's id. */
    public long id() {
        return record.id();
    }

    /** The public key of the session's client, as the version encodes it. The caller leaves it unchanged. */
    public byte[] clientKey() {
        return record.clientKey();
    }

    /** True if {@link #sessionKey} was computed before. */
    public boolean isKeyKnown() {
        return isKeyKnown;
    }

    /** The session's key in version 3; null if it is not known, or if there is none with such a key of the client's. */
    public @Nullable SessionKey sessionKey() {
        return sessionKey;
    }

    /** True once another link has resumed the session of version 3 since this token was given. On the session loop. */
    boolean isOutdated() {
        Version3Part version3 = record.version3();
        return version3 != null && version3.claims() != claims;
    }

    SessionRecord record() {
        return record;
    }
}
