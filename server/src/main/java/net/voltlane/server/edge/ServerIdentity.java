package net.voltlane.server.edge;

import java.security.SecureRandom;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.IssuedChallenge;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.SessionKey;
import net.voltlane.proof.SharedKey;
import net.voltlane.proof.X25519KeyPair;
import org.jspecify.annotations.Nullable;

/**
 * The server's key pair with the one that version 3 derives from it, and what is computed with them for clients.
 * Thread-safe.
 */
public final class ServerIdentity {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 32;

    private final KeyPair key;
    private final X25519KeyPair version3Key;
    private final byte[] version3PublicKey;
    private final SecureRandom random;
    /** A public key whose secret nobody knows, for challenges to clients that name an unknown session. */
    private final byte[] decoy;

    public ServerIdentity(KeyPair key, SecureRandom random) {
        this.key = key;
        version3Key = X25519KeyPair.ofServerSecret(key.secret());
        version3PublicKey = version3Key.publicKey();
        this.random = random;
        decoy = KeyPair.generate(random).publicKey();
    }

    byte[] publicKey() {
        return key.publicKey();
    }

    /** The public key for clients of version 3, which the caller leaves unchanged. */
    byte[] version3PublicKey() {
        return version3PublicKey;
    }

    /** Returns fresh random bytes for a challenge of version 3. */
    byte[] nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return nonce;
    }

    /**
     * Computes the key of a session of version 3; null if there is none with a client's key like this. Takes an X25519's
     * time.
     */
    @Nullable
    SessionKey sessionKey(long id, byte[] clientKey) {
        byte[] shared = version3Key.shared(clientKey);
        return shared == null ? null : SessionKey.derive(shared, id, clientKey, version3PublicKey);
    }

    /**
     * Computes a challenge for the holder of {@code clientKey}. If there is no such key the work is the same, for a
     * decoy, and the challenge is under a random key, so that nobody can tell which ids exist. Takes an ECDH's time.
     */
    IssuedChallenge challengeFor(byte @Nullable [] clientKey) {
        try {
            byte[] shared = SharedKey.derive(key, clientKey == null ? decoy : clientKey);
            byte[] noKey = new byte[KEY_BYTES];
            random.nextBytes(noKey); // drawn for every client: the work must not tell
            return IssuedChallenge.issue(clientKey == null ? noKey : shared, random);
        } catch (InvalidKeyException e) {
            throw new AssertionError("a session's key was validated when it was opened", e);
        }
    }
}
