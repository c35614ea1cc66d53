package net.voltlane.proof;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** The client's answer to an {@link IssuedChallenge}. Stateless and thread-safe. */
public final class ChallengeAnswer {

    private ChallengeAnswer() {}

    /**
     * Returns the answer to a challenge: its content, sealed again under a nonce of the client's own.
     *
     * @param challengeBox as the server sent it
     * @param key the session's {@linkplain SharedKey shared key}
     * @return the answer, or null if the challenge can't be decrypted: the server does not know the session (any more),
     *     and the client has to open a new one
     * @throws IllegalArgumentException if the key is not 32 bytes long
     */
    public static byte @Nullable [] to(byte[] challengeBox, byte[] key, SecureRandom random) {
        byte[] text = SecretBox.open(key, challengeBox);
        return text == null ? null : SecretBox.seal(key, text, random);
    }
}
