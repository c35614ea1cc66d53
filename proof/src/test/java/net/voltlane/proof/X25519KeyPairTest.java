package net.voltlane.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** X25519 against the numbers of RFC 7748, against another implementation, and with hostile points. */
final class X25519KeyPairTest {

    private final SecureRandom random = new SecureRandom();

    @ParameterizedTest
    @CsvSource({
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4,"
                + "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c,"
                + "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d,"
                + "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493,"
                + "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
    })
    void productsAreThoseOfTheStandard(String scalar, String point, String product) {
        assertThat(X25519KeyPair.ofPrivate(hex(scalar)).shared(hex(point))).isEqualTo(hex(product));
    }

    @Test
    void aThousandProductsOfProductsAreThoseOfTheStandard() {
        byte[] scalar = new byte[32];
        scalar[0] = 9;
        byte[] point = scalar;
        for (int i = 1; i <= 1000; i++) {
            byte[] product =
                    Objects.requireNonNull(X25519KeyPair.ofPrivate(scalar).shared(point));
            point = scalar;
            scalar = product;
            if (i == 1) {
                assertThat(scalar).isEqualTo(hex("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"));
            }
        }
        assertThat(scalar).isEqualTo(hex("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"));
    }

    @Test
    void keysAndSecretsAreThoseOfAnotherImplementation() {
        for (int i = 0; i < 200; i++) {
            X25519KeyPair pair = X25519KeyPair.generate(random);
            byte[] publicKey = new byte[32];
            X25519.scalarMultBase(pair.privateKey(), 0, publicKey, 0);
            assertThat(pair.publicKey()).isEqualTo(publicKey);

            byte[] point = new byte[32]; // any: on the curve, on its twist, above the prime, with the highest bit
            random.nextBytes(point);
            byte[] product = new byte[32];
            X25519.scalarMult(pair.privateKey(), 0, point, 0, product, 0);
            assertThat(pair.shared(point)).isEqualTo(product);
        }
    }

    @Test
    void twoPairsShareOneSecret() {
        X25519KeyPair one = X25519KeyPair.generate(random);
        X25519KeyPair other = X25519KeyPair.generate(random);
        assertThat(one.shared(other.publicKey())).isEqualTo(other.shared(one.publicKey()));
        assertThat(one.publicKey()).isNotEqualTo(other.publicKey());
        X25519KeyPair restored = X25519KeyPair.ofPrivate(one.privateKey());
        assertThat(restored.publicKey()).isEqualTo(one.publicKey());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void pointsWhoseMultiplesAreAllZeroGiveNoSecret(String digits) {
        byte[] point = hex(digits);
        X25519KeyPair pair = X25519KeyPair.generate(random);
        assertThat(pair.shared(point)).isNull();
        point[31] |= (byte) 0x80; // does not count
        assertThat(pair.shared(point)).isNull();
    }

    @Test
    void keysOfAnotherLengthGiveNoSecret() {
        X25519KeyPair pair = X25519KeyPair.generate(random);
        assertThat(pair.shared(new byte[0])).isNull();
        assertThat(pair.shared(new byte[31])).isNull();
        assertThat(pair.shared(new byte[33])).isNull();
    }

    @Test
    void secretsOfAnotherLengthAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> X25519KeyPair.ofPrivate(new byte[31]))
                .withMessage("private key of 31 bytes (expected: 32)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> X25519KeyPair.ofServerSecret(new byte[33]))
                .withMessage("secret of 33 bytes (expected: 32)");
    }

    @Test
    void aPairIsNotChangedFromOutside() {
        byte[] secret = new byte[32];
        X25519KeyPair pair = X25519KeyPair.ofPrivate(secret);
        byte[] before = pair.publicKey();
        secret[5] = 1;
        pair.publicKey()[0]++;
        pair.privateKey()[6]++;
        assertThat(pair.privateKey()).isEqualTo(new byte[32]);
        assertThat(pair.publicKey()).isEqualTo(before);
        assertThat(X25519KeyPair.ofPrivate(new byte[32]).publicKey()).isEqualTo(before);
    }

    @Test
    void aPairShowsItsPublicKeyOnly() {
        X25519KeyPair pair = X25519KeyPair.generate(random);
        assertThat(pair.toString())
                .contains(HexFormat.of().formatHex(pair.publicKey()))
                .doesNotContain(HexFormat.of().formatHex(pair.privateKey()));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
