package net.voltlane.server.session;

import org.jspecify.annotations.Nullable;

/**
 * The small part of a session that a {@link SessionStore} keeps: enough to challenge a client that asks for the session,
 * and no packet.
 */
interface SessionRecord {
    long id();

    /** The public key of the session's client, as the version encodes it. The caller leaves it unchanged. */
    byte[] clientKey();

    /** The version of the client link that opened the session. */
    ClientProtocol protocol();

    /** The part that only version 3 has; null in version 2. */
    default @Nullable Version3Part version3() {
        return null;
    }
}
