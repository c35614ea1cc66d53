package net.voltlane.server.edge;

import java.security.SecureRandom;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.IssuedChallenge;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.SharedKey;
import org.jspecify.annotations.Nullable;

/** The server's key pair, and the challenges that are computed with it. Thread-safe. */
public final class ServerIdentity {
    private static final int KEY_BYTES = 32;

    private final KeyPair key;
    private final SecureRandom random;
    /** A public key whose secret nobody knows, for challenges to clients that name an unknown session. */
    private final byte[] decoy;

    public ServerIdentity(KeyPair key, SecureRandom random) {
        this.key = key;
        this.random = random;
        decoy = KeyPair.generate(random).publicKey();
    }

    byte[] publicKey() {
        return key.publicKey();
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
