package net.voltlane.client;

import org.jspecify.annotations.Nullable;

/**
 * The choice of the protocol's version for new sessions, and the settings that only version 3 has. A session that is
 * resumed keeps the version that opened it.
 *
 * <p>With {@link Protocol#AUTO}, version 3 comes first. A server of version 2 hangs up at it, so version 2 follows on
 * another link, unless that would give something up that the program has asked for: credentials, or a pinned key. What a
 * server was found to speak is kept in the {@link VersionMemory}. Thread-safe.
 */
final class Versions {

    private final Protocol protocol;
    private final ServerPins pins;
    private final int heartbeatSecs;
    private final byte[] credentials;
    private final VersionMemory memory;

    /**
     * @param pins the server's pinned keys
     * @param heartbeatSecs the wish; 0 for the server's choice
     * @param credentials for the backend, perhaps empty
     * @param memory of what servers speak
     */
    Versions(Protocol protocol, ServerPins pins, int heartbeatSecs, byte[] credentials, VersionMemory memory) {
        this.protocol = protocol;
        this.pins = pins;
        this.heartbeatSecs = heartbeatSecs;
        this.credentials = credentials;
        this.memory = memory;
    }

    static Versions only2() {
        return new Versions(Protocol.V2, ServerPins.NONE, 0, new byte[0], new VersionMemory(Time.SYSTEM));
    }

    /** @throws IllegalStateException if no version is left that fits the settings */
    void check() {
        if (credentials.length > 0 && protocol == Protocol.V2) {
            throw new IllegalStateException("credentials: protocol V2 has none (expected: protocol V3)");
        }
        boolean useless = protocol == Protocol.V3 ? pins.key3() == null : pins.key2() == null;
        if (protocol != Protocol.AUTO && useless && !pins.isEmpty() || !may2() && !may3()) {
            throw new IllegalStateException(
                    "serverKey: the pinned key is of another version (expected: 32 bytes for version 3, 33 bytes for"
                            + " version 2)");
        }
    }

    int heartbeatSecs() {
        return heartbeatSecs;
    }

    byte[] credentials() {
        return credentials;
    }

    boolean may3() {
        return protocol == Protocol.V3 || protocol == Protocol.AUTO && (pins.key3() != null || pins.key2() == null);
    }

    boolean may2() {
        return protocol == Protocol.V2
                || protocol == Protocol.AUTO && credentials.length == 0 && (pins.key2() != null || pins.key3() == null);
    }

    /** Tells whether the next session is to be of version 3. */
    boolean triesVersion3(ServerAddress address) {
        return may3() && !(may2() && memory.speaks2(address));
    }

    /** Tells whether version 2 is to be tried after this failure of version 3. */
    boolean fallsBack(ServerAddress address, ClientException failure) {
        if (!may2()) {
            return false;
        }
        return failure.reason() == CloseReason.VERSION
                || failure instanceof ProtocolViolationException violation && violation.isAboutVersion()
                || failure instanceof HungUpException hungUp && hungUp.isWithoutAnswer() && memory.hungUpAt3(address);
    }

    void speaks3(ServerAddress address) {
        memory.learn(address, true);
    }

    void speaks2(ServerAddress address) {
        memory.learn(address, false);
    }

    void hangsUpAt2(ServerAddress address) {
        memory.forget2(address);
    }

    byte @Nullable [] expected3(byte @Nullable [] known) {
        return known != null && known.length == ServerPins.KEY_3_BYTES ? known : pins.key3();
    }

    byte @Nullable [] expected2(byte @Nullable [] known) {
        return known != null && known.length != ServerPins.KEY_3_BYTES ? known : pins.key2();
    }
}
