package net.voltlane.proof;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** The client's side of a {@link IssuedChallenge}. */
public final class ChallengeAnswer {

    private ChallengeAnswer() {}

    /**
     * The box to answer with: what was in the challenge, sealed under a nonce of the client's own.
     *
     * @param challengeBox as the server sent it
     * @param key the session's {@linkplain SharedKey shared key}
     * @return the response, or null if the challenge does not open: the server has no such session (any more), and the
     *     client has to start a new one
     * @throws IllegalArgumentException if the key is not 32 bytes long
     */
    public static byte @Nullable [] to(byte[] challengeBox, byte[] key, SecureRandom random) {
        byte[] text = SecretBox.open(key, challengeBox);
        return text == null ? null : SecretBox.seal(key, text, random);
    }
}
