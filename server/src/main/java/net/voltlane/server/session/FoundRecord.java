package net.voltlane.server.session;

import net.voltlane.server.store.SessionSecrets;
import net.voltlane.server.store.StoredRecord;
import org.jspecify.annotations.Nullable;

/** The record of a session that is not in this server's table, as the store has it. Belongs to the session loop. */
final class FoundRecord implements SessionRecord {
    private final StoredRecord stored;
    private final SessionSecrets secrets;
    private final ClientProtocol protocol;
    private final @Nullable Version3Part version3;

    private FoundRecord(StoredRecord stored, SessionSecrets secrets, ClientProtocol protocol) {
        this.stored = stored;
        this.secrets = secrets;
        this.protocol = protocol;
        version3 = protocol == Version3.PROTOCOL ? new Version3Part(secrets.credentials()) : null;
    }

    /** Returns null if the session belongs to a version of the client link that this server does not know. */
    static @Nullable FoundRecord of(StoredRecord stored, SessionSecrets secrets) {
        if (secrets.clientProtocol() == Version2.PROTOCOL.version()) {
            return new FoundRecord(stored, secrets, Version2.PROTOCOL);
        }
        return secrets.clientProtocol() == Version3.PROTOCOL.version()
                ? new FoundRecord(stored, secrets, Version3.PROTOCOL)
                : null;
    }

    @Override
    public long id() {
        return stored.id();
    }

    /** The epoch under which the store has it. */
    long epoch() {
        return stored.epoch();
    }

    /** The server that has it, or had. */
    String owner() {
        return stored.owner();
    }

    @Override
    public byte[] clientKey() {
        return secrets.clientKey();
    }

    byte @Nullable [] credentials() {
        return secrets.credentials();
    }

    @Override
    public ClientProtocol protocol() {
        return protocol;
    }

    @Override
    public @Nullable Version3Part version3() {
        return version3;
    }
}
