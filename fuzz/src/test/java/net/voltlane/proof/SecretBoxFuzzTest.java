package net.voltlane.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A box opens only if sealing what is in it gives the same box, and a challenge is met by the right answer alone.
 * Inputs are what was changed on the way: they are laid over a right box bit by bit, so that all zeros mean nothing
 * was.
 */
final class SecretBoxFuzzTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] KEY = new byte[32];
    private static final int CHALLENGE_BOX_BYTES = 72;

    @FuzzTest
    void changes(byte[] changes) {
        anyBytesAsABox(changes);
        byte[] right = SecretBox.seal(KEY, new byte[5], new byte[SecretBox.NONCE_BYTES]);
        anyBytesAsABox(laidOver(right, changes));
        answers(changes);
    }

    private static void anyBytesAsABox(byte[] box) {
        byte[] text = SecretBox.open(KEY, box);
        if (text != null) {
            assertThat(SecretBox.seal(KEY, text, SecretBox.nonce(box))).isEqualTo(box);
        }
    }

    private static void answers(byte[] changes) {
        IssuedChallenge challenge = IssuedChallenge.issue(KEY, RANDOM);
        byte[] right = ChallengeAnswer.to(challenge.box(), KEY, RANDOM);
        byte[] answer = laidOver(right, changes);
        boolean unchanged = Arrays.equals(answer, right);
        assertThat(answer.length).isGreaterThanOrEqualTo(CHALLENGE_BOX_BYTES);
        assertThat(challenge.accepts(answer)).isEqualTo(unchanged);
        assertThat(challenge.accepts(right)).as("there is one try").isFalse();
        IssuedChallenge another = IssuedChallenge.issue(KEY, RANDOM);
        assertThat(another.accepts(changes)).as("what knows nothing of it").isFalse();
        IssuedChallenge reflected = IssuedChallenge.issue(KEY, RANDOM);
        boolean sameNonce = laidOver(reflected.box(), changes).length == CHALLENGE_BOX_BYTES && unchanged;
        assertThat(sameNonce && reflected.accepts(laidOver(reflected.box(), changes)))
                .as("a challenge sent straight back")
                .isFalse();
    }

    /** {@code right} with every bit turned that is set in {@code changes}; longer where those are. */
    private static byte[] laidOver(byte[] right, byte[] changes) {
        byte[] changed = Arrays.copyOf(right, Math.max(right.length, changes.length));
        for (int i = 0; i < changes.length; i++) {
            changed[i] ^= changes[i];
        }
        return changed;
    }
}
