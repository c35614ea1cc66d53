package net.voltlane.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class KeyPairTest {

    /** The order of the group; secrets are below it. */
    private static final String ORDER = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    private static final String ORDER_LESS_ONE = ORDER.substring(0, 63) + "0";

    /** The generator in the curve's definition. */
    private static final String BASE_X = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";

    private final SecureRandom random = new SecureRandom();

    @Test
    void theSmallestAndTheLargestSecretArePlusAndMinusTheBasePoint() {
        assertThat(KeyPair.ofSecret(hex("0".repeat(63) + "1")).publicKey()).isEqualTo(hex("02" + BASE_X));
        assertThat(KeyPair.ofSecret(hex(ORDER_LESS_ONE)).publicKey()).isEqualTo(hex("03" + BASE_X));
    }

    @Test
    void aFingerprintIsTheHashOfTheCompressedKey() {
        assertThat(PublicKeys.fingerprint(hex("02" + BASE_X)))
                .isEqualTo("SHA256:D3Fbr11MLtMpeFzvKeVi9zSIyKK7nbxXALNh1UubBVQ");
    }

    @Test
    void aSecretKeepsItsLeadingZeros() {
        byte[] secret = hex("0".repeat(60) + "1234");

        assertThat(KeyPair.ofSecret(secret).secret()).isEqualTo(secret);
    }

    @Test
    void anInvalidSecretIsRefusedAndNotRepeated() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyPair.ofSecret(hex(ORDER)))
                .satisfies(e -> assertThat(e.toString()).doesNotContainIgnoringCase(ORDER.substring(0, 8)));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPair.ofSecret(hex("f".repeat(64))));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPair.ofSecret(new byte[32]));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPair.ofSecret(hex("01")));
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPair.ofSecret(hex("00".repeat(32) + "01")));
    }

    @Test
    void aDrawThatIsOutOfRangeIsDrawnAgain() {
        ScriptedRandom draws =
                new ScriptedRandom(new byte[32], hex(ORDER), hex("f".repeat(64)), hex("0".repeat(63) + "7"));

        assertThat(KeyPair.generate(draws).secret()).isEqualTo(hex("0".repeat(63) + "7"));
        assertThat(draws.isUsedUp()).isTrue();
    }

    @Test
    void aPublicKeyOfOursIsAlwaysValidAndAPairCanBeMadeAgainFromItsSecret() throws Exception {
        for (int i = 0; i < 50; i++) {
            KeyPair pair = KeyPair.generate(random);
            assertThat(PublicKeys.validate(pair.publicKey())).isEqualTo(pair.publicKey());
            assertThat(KeyPair.ofSecret(pair.secret()).publicKey()).isEqualTo(pair.publicKey());
        }
    }

    @Test
    void aPairIsOutOfItsCallersReach() {
        byte[] secret = hex("11".repeat(32));
        KeyPair pair = KeyPair.ofSecret(secret);
        byte[] publicKey = pair.publicKey();

        Arrays.fill(secret, (byte) 0);
        Arrays.fill(pair.secret(), (byte) 0);
        Arrays.fill(pair.publicKey(), (byte) 0);

        assertThat(pair.secret()).isEqualTo(hex("11".repeat(32)));
        assertThat(pair.publicKey()).isEqualTo(publicKey);
    }

    @Test
    void itShowsItsPublicHalfAlone() {
        KeyPair pair = KeyPair.generate(random);

        assertThat(pair).hasToString("KeyPair[public=" + HexFormat.of().formatHex(pair.publicKey()) + "]");
    }

    @Test
    void aRefusedKeyHasNoStackAndIsNotRepeated() throws Exception {
        try {
            PublicKeys.validate(hex("05" + BASE_X));
        } catch (InvalidKeyException refused) {
            assertThat(refused.getStackTrace()).isEmpty();
            assertThat(refused.toString()).doesNotContain(BASE_X.substring(0, 8));
            return;
        }
        throw new AssertionError("accepted");
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
