package net.voltlane.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The handshake of version 3 in the vectors, value by value, and proofs that are wrong somewhere. */
final class SessionKeyTest {

    private final Vectors.Vector vector = Vectors.version3();
    private final X25519KeyPair server = X25519KeyPair.ofServerSecret(vector.bytes("key_file_secret"));
    private final X25519KeyPair client = X25519KeyPair.ofPrivate(vector.bytes("client_private"));
    private final long id = Long.parseUnsignedLong(vector.text("id"));
    private final byte[] transcript = vector.bytes("transcript");
    private final byte[] proofC = vector.bytes("proof_c");
    private final byte[] proofS = vector.bytes("proof_s");
    private final byte[] behind = vector.bytes("behind_the_proof");
    private final SessionKey key = SessionKey.of(vector.bytes("k"));

    @Test
    void keyPairsAreThoseOfTheVectors() {
        assertThat(server.privateKey()).isEqualTo(vector.bytes("server_private"));
        assertThat(server.publicKey()).isEqualTo(vector.bytes("server_key"));
        assertThat(client.publicKey()).isEqualTo(vector.bytes("client_key"));
        byte[] secret = KeyPair.ofSecret(vector.bytes("key_file_secret")).secret();
        assertThat(X25519KeyPair.ofServerSecret(secret).publicKey()).isEqualTo(server.publicKey());
    }

    @Test
    void bothEndsDeriveTheKeyOfTheVectors() {
        byte[] shared = Objects.requireNonNull(server.shared(client.publicKey()));
        assertThat(shared).isEqualTo(vector.bytes("shared")).isEqualTo(client.shared(server.publicKey()));
        assertThat(SessionKey.derive(shared, id, client.publicKey(), server.publicKey())
                        .bytes())
                .isEqualTo(vector.bytes("k"));
    }

    @Test
    void proofsAreThoseOfTheVectors() {
        assertThat(SessionKey.transcript(vector.bytes("resume"), vector.bytes("challenge")))
                .isEqualTo(transcript);
        assertThat(key.clientProof(transcript)).isEqualTo(proofC);
        assertThat(key.serverProof(transcript, proofC, behind)).isEqualTo(proofS);
        assertThat(key.verifiesClient(transcript, proofC)).isTrue();
        assertThat(key.verifiesServer(transcript, proofC, behind, proofS)).isTrue();
    }

    @Test
    void aProofWithAnyOtherBitIsWrong() {
        for (int bit = 0; bit < 256; bit++) {
            assertThat(key.verifiesClient(transcript, flipped(proofC, bit))).isFalse();
            assertThat(key.verifiesServer(transcript, proofC, behind, flipped(proofS, bit)))
                    .isFalse();
        }
    }

    @Test
    void aProofOfAnotherLengthIsWrong() {
        for (int length : new int[] {0, 1, 31, 33, 64}) {
            assertThat(key.verifiesClient(transcript, Arrays.copyOf(proofC, length)))
                    .isFalse();
            assertThat(key.verifiesServer(transcript, proofC, behind, Arrays.copyOf(proofS, length)))
                    .isFalse();
        }
    }

    @Test
    void aProofIsForItsAttemptItsKeyAndItsSideAlone() {
        assertThat(key.verifiesClient(flipped(transcript, 0), proofC)).isFalse();
        assertThat(key.verifiesServer(flipped(transcript, 9), proofC, behind, proofS))
                .isFalse();
        assertThat(key.verifiesServer(transcript, flipped(proofC, 8), behind, proofS))
                .isFalse();
        assertThat(key.verifiesServer(transcript, proofC, flipped(behind, 0), proofS))
                .isFalse();
        assertThat(key.verifiesServer(transcript, proofC, Arrays.copyOf(behind, behind.length + 1), proofS))
                .isFalse();
        assertThat(key.verifiesClient(transcript, proofS)).isFalse();
        assertThat(key.verifiesServer(transcript, proofC, behind, proofC)).isFalse();
        assertThat(SessionKey.of(flipped(key.bytes(), 77)).verifiesClient(transcript, proofC))
                .isFalse();
    }

    @Test
    void everyPartOfTheKeyCounts() {
        byte[] shared = vector.bytes("shared");
        byte[] one = client.publicKey();
        byte[] other = server.publicKey();
        byte[] right = key.bytes();
        assertThat(SessionKey.derive(flipped(shared, 0), id, one, other).bytes())
                .isNotEqualTo(right);
        assertThat(SessionKey.derive(shared, id + 1, one, other).bytes()).isNotEqualTo(right);
        assertThat(SessionKey.derive(shared, id, flipped(one, 0), other).bytes())
                .isNotEqualTo(right);
        assertThat(SessionKey.derive(shared, id, one, flipped(other, 0)).bytes())
                .isNotEqualTo(right);
        assertThat(SessionKey.derive(shared, id, other, one).bytes()).isNotEqualTo(right);
    }

    @Test
    void theTranscriptTellsWhereOnePayloadEndsAndTheOtherBegins() {
        assertThat(SessionKey.transcript(new byte[] {1, 2}, new byte[] {3}))
                .isNotEqualTo(SessionKey.transcript(new byte[] {1}, new byte[] {2, 3}));
    }

    @Test
    void aKeyIsCopiedAndShowsNothing() {
        byte[] bytes = key.bytes();
        SessionKey restored = SessionKey.of(bytes);
        bytes[0]++;
        restored.bytes()[1]++;
        assertThat(restored.clientProof(transcript)).isEqualTo(proofC);
        assertThat(restored).hasToString("SessionKey[secret]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionKey.of(new byte[31]))
                .withMessage("key of 31 bytes (expected: 32)");
    }

    @Test
    void keysAreDerivedAsTheStandardSays() {
        byte[] okm = Hkdf.derive(hex("0b".repeat(22)), hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"));
        assertThat(okm).isEqualTo(hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] other = bytes.clone();
        other[bit / 8] ^= (byte) (1 << bit % 8);
        return other;
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
