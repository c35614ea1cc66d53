package net.voltlane.server.simulation;

import java.security.SecureRandom;
import net.voltlane.proof.ChallengeAnswer;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.SharedKey;
import org.jspecify.annotations.Nullable;

/**
 * The keys of all worlds. A few pairs for any number of clients: making them takes longer than all else in a small
 * world, and the server must tell sessions apart by their ids alone.
 */
final class Keys {
    static final KeyPair SERVER = pair(1_000);
    private static final int PAIRS = 8;
    private static final Keys[] CLIENTS = new Keys[PAIRS];

    static {
        for (int i = 0; i < PAIRS; i++) {
            CLIENTS[i] = new Keys(pair(i + 1));
        }
    }

    private final byte[] publicKey;
    private final byte[] shared;

    private Keys(KeyPair pair) {
        publicKey = pair.publicKey();
        try {
            shared = SharedKey.derive(pair, SERVER.publicKey());
        } catch (InvalidKeyException e) {
            throw new AssertionError(e);
        }
    }

    static Keys ofClient(int number) {
        return CLIENTS[number % PAIRS];
    }

    byte[] publicKey() {
        return publicKey;
    }

    /** The answer to a challenge; null where that does not open. */
    byte @Nullable [] answer(byte[] box, SecureRandom random) {
        return ChallengeAnswer.to(box, shared, random);
    }

    private static KeyPair pair(int secret) {
        byte[] bytes = new byte[32];
        bytes[30] = (byte) (secret >> 8);
        bytes[31] = (byte) secret;
        return KeyPair.ofSecret(bytes);
    }
}
