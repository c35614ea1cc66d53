package net.voltlane.client;

import java.util.List;
import net.voltlane.proof.SessionKey;
import net.voltlane.proof.X25519KeyPair;
import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link SessionState} that only version 3 has. Immutable, but for a key that is computed once.
 */
final class Version3State {

    private final X25519KeyPair keys;
    private final long received;
    private final SendCounts counts;
    private final List<byte[]> frames;

    /** The key that both ends derive for proofs, once it was needed. */
    private volatile @Nullable SessionKey proofKey;

    /**
     * @param received how many packets the program has taken over
     * @param frames packets that are not acknowledged, as frames of version 2, from number {@code counts.first()} on
     */
    Version3State(X25519KeyPair keys, long received, SendCounts counts, List<byte[]> frames) {
        this.keys = keys;
        this.received = received;
        this.counts = counts;
        this.frames = List.copyOf(frames);
    }

    /** Returns the state of a new session. */
    static Version3State fresh(X25519KeyPair keys) {
        return new Version3State(keys, 0, SendCounts.NONE, List.of());
    }

    /** Returns the same session at a later moment. */
    Version3State at(long nowReceived, SendCounts nowCounts, List<byte[]> nowFrames) {
        Version3State later = new Version3State(keys, nowReceived, nowCounts, nowFrames);
        later.proofKey = proofKey;
        return later;
    }

    X25519KeyPair keys() {
        return keys;
    }

    long received() {
        return received;
    }

    SendCounts counts() {
        return counts;
    }

    List<byte[]> frames() {
        return frames;
    }

    /**
     * Returns the key for proofs; derives it at the first call.
     *
     * @return null if the server's key is one with which no secret can be shared
     */
    @Nullable
    SessionKey proofKey(long sessionId, byte[] serverKey) {
        SessionKey known = proofKey;
        if (known == null) {
            byte[] shared = keys.shared(serverKey);
            if (shared == null) {
                return null;
            }
            known = SessionKey.derive(shared, sessionId, keys.publicKey(), serverKey);
            proofKey = known;
        }
        return known;
    }
}
