package net.voltlane.server.session;

/**
 * The small part of a session that a {@link SessionStore} keeps: enough to challenge a client that asks for the session,
 * and no packet. Immutable.
 */
interface SessionRecord {
    long id();

    /** The public key of the session's client, compressed. The caller leaves it unchanged. */
    byte[] clientKey();

    /** The version of the client link that opened the session. */
    ClientProtocol protocol();
}
