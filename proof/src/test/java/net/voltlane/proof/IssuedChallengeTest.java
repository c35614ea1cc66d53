package net.voltlane.proof;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Tests of the responses that are accepted, and of all kinds that are refused. */
final class IssuedChallengeTest {

    private final SecureRandom random = new SecureRandom();
    private final byte[] key = bytes(32);
    private final IssuedChallenge challenge = IssuedChallenge.issue(key, random);

    @Test
    void theOwnerOfTheKeyIsLetIn() {
        assertThat(challenge.box()).hasSize(72);
        assertThat(challenge.accepts(answer(challenge))).isTrue();
    }

    @Test
    void twoEndsThatKnowOnlyEachOthersPublicKeyAgree() throws Exception {
        KeyPair server = KeyPair.generate(random);
        KeyPair client = KeyPair.generate(random);
        IssuedChallenge asked = IssuedChallenge.issue(SharedKey.derive(server, client.publicKey()), random);

        byte[] response = ChallengeAnswer.to(asked.box(), SharedKey.derive(client, server.publicKey()), random);

        assertThat(asked.accepts(requireNonNull(response))).isTrue();
    }

    @Test
    void theChallengeItselfIsNoResponse() {
        assertThat(SecretBox.open(key, challenge.box()))
                .as("it does hold what is asked for")
                .hasSize(32);
        assertThat(challenge.accepts(challenge.box())).isFalse();
    }

    @Test
    void theRightTextUnderTheChallengesNonceIsNoResponse() {
        byte[] text = requireNonNull(SecretBox.open(key, challenge.box()));
        byte[] nonce = SecretBox.nonce(challenge.box());

        assertThat(challenge.accepts(SecretBox.seal(key, text, nonce))).isFalse();
    }

    @Test
    void aResponseCountsOnce() {
        byte[] response = answer(challenge);

        assertThat(challenge.accepts(response)).isTrue();
        assertThat(challenge.accepts(response)).isFalse();
        assertThat(challenge.accepts(answer(challenge))).isFalse();
    }

    @Test
    void afterAWrongResponseTheRightOneComesTooLate() {
        assertThat(challenge.accepts(new byte[72])).isFalse();
        assertThat(challenge.accepts(answer(challenge))).isFalse();
    }

    @Test
    void aResponseToAnotherChallengeIsRefused() {
        assertThat(challenge.accepts(answer(IssuedChallenge.issue(key, random))))
                .isFalse();
    }

    @Test
    void aResponseUnderAnotherKeyIsRefused() {
        byte[] text = requireNonNull(SecretBox.open(key, challenge.box()));

        assertThat(challenge.accepts(SecretBox.seal(bytes(32), text, random))).isFalse();
    }

    @Test
    void aWrongTextIsRefused() {
        assertThat(challenge.accepts(SecretBox.seal(key, bytes(32), random))).isFalse();
    }

    @Test
    void aTextThatDiffersInItsLastBitIsRefused() {
        byte[] text = requireNonNull(SecretBox.open(key, challenge.box()));
        text[31] ^= 1;

        assertThat(challenge.accepts(SecretBox.seal(key, text, random))).isFalse();
    }

    @Test
    void aPaddedTextIsRefused() {
        byte[] text = requireNonNull(SecretBox.open(key, challenge.box()));

        assertThat(challenge.accepts(SecretBox.seal(key, Arrays.copyOf(text, 33), random)))
                .isFalse();
    }

    @Test
    void aPartOfTheTextIsRefused() {
        byte[] text = requireNonNull(SecretBox.open(key, challenge.box()));

        for (int length = 0; length < text.length; length++) {
            ScriptedRandom sameDraws = new ScriptedRandom(text, SecretBox.nonce(challenge.box()));
            IssuedChallenge same = IssuedChallenge.issue(key, sameDraws);
            assertThat(same.accepts(SecretBox.seal(key, Arrays.copyOf(text, length), random)))
                    .as("%d bytes", length)
                    .isFalse();
        }
    }

    @Test
    void aBoxOfAnyOtherLengthIsRefused() {
        for (int length = 0; length < 72; length++) {
            IssuedChallenge asked = IssuedChallenge.issue(key, random);
            assertThat(asked.accepts(Arrays.copyOf(answer(asked), length)))
                    .as("%d bytes", length)
                    .isFalse();
        }
        byte[] padded = Arrays.copyOf(answer(challenge), 73);
        assertThat(challenge.accepts(padded)).isFalse();
    }

    @Test
    void aChallengeThatDoesNotOpenHasNoAnswer() {
        assertThat(ChallengeAnswer.to(challenge.box(), bytes(32), random)).isNull();
        assertThat(ChallengeAnswer.to(new byte[0], key, random)).isNull();
        assertThat(ChallengeAnswer.to(new byte[39], key, random)).isNull();
    }

    @Test
    void noTwoChallengesAreAlike() {
        assertThat(IssuedChallenge.issue(key, random).box())
                .isNotEqualTo(IssuedChallenge.issue(key, random).box());
    }

    @Test
    void aChallengeIsOutOfItsCallersReach() {
        byte[] mine = key.clone();
        IssuedChallenge asked = IssuedChallenge.issue(mine, random);
        Arrays.fill(mine, (byte) 0);
        Arrays.fill(asked.box(), (byte) 0);

        assertThat(asked.accepts(answer(asked))).isTrue();
    }

    private byte[] answer(IssuedChallenge asked) {
        return requireNonNull(ChallengeAnswer.to(asked.box(), key, random));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
