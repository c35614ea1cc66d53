package net.voltlane.server.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a session's record that a store must not read. Immutable, as long as nobody writes to the arrays.
 *
 * @param clientProtocol the version of the client link that opened the session, 2 or 3
 * @param clientKey the public key of the session's client, as that version encodes it
 * @param sessionKey the key K of a session of version 3, 32 bytes; null where it has not been computed, and in version 2
 * @param credentials the client's for the backend; null if it has shown none
 * @param attributes further facts by name, for later versions; may be empty
 */
public record SessionSecrets(
        int clientProtocol,
        byte[] clientKey,
        byte @Nullable [] sessionKey,
        byte @Nullable [] credentials,
        Map<String, byte[]> attributes) {

    /** Secrets without further facts. */
    public SessionSecrets(
            int clientProtocol, byte[] clientKey, byte @Nullable [] sessionKey, byte @Nullable [] credentials) {
        this(clientProtocol, clientKey, sessionKey, credentials, Map.of());
    }

    /** Leaves everything secret out. */
    @Override
    public String toString() {
        return "SessionSecrets[client protocol " + clientProtocol + "]";
    }
}
