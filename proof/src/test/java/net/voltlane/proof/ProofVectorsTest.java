package net.voltlane.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.security.SecureRandom;
import java.util.List;
import net.voltlane.proof.Vectors.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks every test vector of the proof, step by step and from end to end. */
final class ProofVectorsTest {

    private final SecureRandom random = new SecureRandom();

    static List<Vector> proofs() {
        return Vectors.proofs();
    }

    static List<Vector> boxes() {
        return Vectors.boxes();
    }

    static List<Vector> keys() {
        return Vectors.keys();
    }

    @Test
    void theVectorsAreThereAndHoldTheRareCase() {
        assertThat(proofs()).hasSize(24);
        assertThat(boxes()).hasSize(15);
        assertThat(keys()).hasSize(31);
        assertThat(proofs().stream().filter(v -> v.bytes("shared_x")[0] == 0))
                .as("coordinates that begin with a zero byte")
                .hasSize(9);
    }

    @ParameterizedTest
    @MethodSource("proofs")
    void secretsGiveTheirPublicKeys(Vector v) throws Exception {
        assertThat(v.keyPair("server_secret").publicKey()).isEqualTo(v.bytes("server_public"));
        assertThat(v.keyPair("client_secret").publicKey()).isEqualTo(v.bytes("client_public"));
        assertThat(v.keyPair("client_secret").secret()).isEqualTo(v.bytes("client_secret"));
        assertThat(PublicKeys.validate(v.bytes("client_public_uncompressed"))).isEqualTo(v.bytes("client_public"));
    }

    @ParameterizedTest
    @MethodSource("proofs")
    void bothEndsAgreeOnTheKeyWhateverFormThePublicKeyHas(Vector v) throws Exception {
        KeyPair server = v.keyPair("server_secret");
        KeyPair client = v.keyPair("client_secret");

        assertThat(SharedKey.x(server, v.bytes("client_public"))).isEqualTo(v.bytes("shared_x"));
        assertThat(SharedKey.x(client, v.bytes("server_public"))).isEqualTo(v.bytes("shared_x"));
        assertThat(SharedKey.derive(server, v.bytes("client_public"))).isEqualTo(v.bytes("key"));
        assertThat(SharedKey.derive(server, v.bytes("client_public_uncompressed")))
                .isEqualTo(v.bytes("key"));
        assertThat(SharedKey.derive(client, v.bytes("server_public"))).isEqualTo(v.bytes("key"));
    }

    @ParameterizedTest
    @MethodSource("proofs")
    void theChallengeIsTheReferencesAndItsResponseIsAccepted(Vector v) {
        ScriptedRandom draws = new ScriptedRandom(v.bytes("challenge"), v.bytes("challenge_nonce"));
        IssuedChallenge challenge = IssuedChallenge.issue(v.bytes("key"), draws);

        assertThat(challenge.box()).isEqualTo(v.bytes("challenge_box"));
        assertThat(draws.isUsedUp()).isTrue();
        assertThat(challenge.accepts(v.bytes("response_box"))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("proofs")
    void theAnswerIsTheReferences(Vector v) {
        ScriptedRandom draws = new ScriptedRandom(v.bytes("response_nonce"));

        assertThat(ChallengeAnswer.to(v.bytes("challenge_box"), v.bytes("key"), draws))
                .isEqualTo(v.bytes("response_box"));
    }

    @ParameterizedTest
    @MethodSource("boxes")
    void textsAreSealedLikeTheReferenceDoesAndOpened(Vector v) {
        assertThat(SecretBox.seal(v.bytes("key"), v.bytes("text"), v.bytes("nonce")))
                .isEqualTo(v.bytes("box"));
        assertThat(SecretBox.open(v.bytes("key"), v.bytes("box"))).isEqualTo(v.bytes("text"));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void publicKeysAreAcceptedOrRefused(Vector v) throws Exception {
        if (v.isTrue("accept")) {
            assertThat(PublicKeys.validate(v.bytes("bytes")))
                    .isEqualTo(v.bytes("compressed"))
                    .isNotSameAs(v.bytes("bytes"));
        } else {
            assertThatExceptionOfType(InvalidKeyException.class)
                    .as(v.text("name"))
                    .isThrownBy(() -> PublicKeys.validate(v.bytes("bytes")));
            assertThatExceptionOfType(InvalidKeyException.class)
                    .as(v.text("name"))
                    .isThrownBy(() -> SharedKey.derive(KeyPair.generate(random), v.bytes("bytes")));
        }
    }
}
