package net.voltlane.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;

/**
 * Compares points with Bouncy Castle's. {@code -Dvoltlane.seed} repeats a run, and {@code -Dvoltlane.cases} lengthens
 * it.
 */
final class CurvePointTest {

    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
    private static final BigInteger N = CURVE.getN();

    /** The number L of the endomorphism L * (x, y) = (beta * x, y). */
    private static final BigInteger L =
            new BigInteger("5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72", 16);

    private static final int CASES = Integer.getInteger("voltlane.cases", 2_000);

    private final long seed =
            Long.getLong("voltlane.seed", ThreadLocalRandom.current().nextLong());
    private final Random random = new Random(seed);

    @Test
    void randomPointsTimesRandomNumbersAreBouncyCastles() throws Exception {
        ECPoint point = CURVE.getG().multiply(secret());
        for (int i = 0; i < CASES; i++) {
            BigInteger k = secret();
            ECPoint multiple = point.multiply(k).normalize();
            CurvePoint product = CurvePoint.decode(point.getEncoded(i % 2 == 0)).times(new SplitScalar(k));
            assertThat(product.compressed()).as("seed %d, case %d", seed, i).isEqualTo(multiple.getEncoded(true));
            point = multiple;
        }
    }

    @Test
    void everyNumberIsMultipliedByOneWayOrTheOther() throws Exception {
        byte[] point = CURVE.getG().multiply(secret()).getEncoded(true);
        int byTheOther = 0;
        for (BigInteger k : rareNumbers()) {
            CurvePoint product = CurvePoint.decode(point).times(new SplitScalar(k));
            byte[] expected = CURVE.getCurve().decodePoint(point).multiply(k).getEncoded(true);
            if (product == null || random.nextInt(8) == 0) { // it takes milliseconds
                assertThat(SlowMultiple.of(CurvePoint.decode(point), k))
                        .as("seed %d, k %s", seed, k)
                        .isEqualTo(expected);
            }
            if (product == null) {
                byTheOther++;
            } else {
                assertThat(product.compressed()).as("seed %d, k %s", seed, k).isEqualTo(expected);
            }
            KeyPair keys = KeyPair.ofSecret(BigIntegers.asUnsignedByteArray(32, k));
            assertThat(keys.publicKey())
                    .as("seed %d, k %s", seed, k)
                    .isEqualTo(CURVE.getG().multiply(k).getEncoded(true));
            assertThat(keys.secret()).as("seed %d", seed).isEqualTo(BigIntegers.asUnsignedByteArray(32, k));
            assertThat(SharedKey.x(keys, point))
                    .as("seed %d, k %s", seed, k)
                    .isEqualTo(Arrays.copyOfRange(expected, 1, 33));
        }
        assertThat(byTheOther).as("numbers with a sum that can't be added").isPositive();
    }

    /**
     * Returns small scalars, large ones, and those for which the last sum but one can be the point that is added to it.
     */
    private static List<BigInteger> rareNumbers() {
        List<BigInteger> numbers = new ArrayList<>();
        for (int i = 1; i < 40; i++) {
            numbers.add(BigInteger.valueOf(i));
            numbers.add(N.subtract(BigInteger.valueOf(i)));
            numbers.add(BigInteger.ONE.shiftLeft(6 * i));
            numbers.add(BigInteger.ONE.shiftLeft(6 * i).subtract(BigInteger.ONE));
        }
        for (int a = -30; a <= 30; a += 2) {
            for (int b = -15; b <= 15; b++) {
                numbers.add(BigInteger.valueOf(a)
                        .add(L.multiply(BigInteger.valueOf(b)))
                        .mod(N));
                numbers.add(BigInteger.valueOf(b)
                        .add(L.multiply(BigInteger.valueOf(a)))
                        .mod(N));
            }
        }
        numbers.removeIf(k -> k.signum() == 0);
        return numbers;
    }

    @Test
    void theDigitsOfANumberGiveItBackAndNoneIsEven() {
        List<BigInteger> numbers = rareNumbers();
        for (int i = 0; i < CASES; i++) {
            numbers.add(secret());
        }
        for (BigInteger k : numbers) {
            SplitScalar split = new SplitScalar(k);
            BigInteger sum = BigInteger.ZERO;
            for (int i = SplitScalar.DIGITS - 1; i >= 0; i--) {
                assertThat(Math.abs(split.digit1(i)) % 2 + Math.abs(split.digit2(i)) % 2)
                        .as("seed %d, k %s", seed, k)
                        .isEqualTo(2);
                assertThat(Math.max(Math.abs(split.digit1(i)), Math.abs(split.digit2(i))))
                        .as("seed %d, k %s", seed, k)
                        .isLessThan(16);
                sum = sum.shiftLeft(SplitScalar.DIGIT_BITS)
                        .add(BigInteger.valueOf(split.digit1(i)))
                        .add(L.multiply(BigInteger.valueOf(split.digit2(i))));
            }
            assertThat(sum.mod(N)).as("seed %d", seed).isEqualTo(k);
        }
    }

    @Test
    void randomBytesAreThePointThatBouncyCastleReadsOrNone() throws Exception {
        for (int i = 0; i < CASES; i++) {
            byte[] sec1 = new byte[33];
            random.nextBytes(sec1);
            sec1[0] = (byte) (2 + i % 2);
            if (i % 5 == 0) {
                Arrays.fill(sec1, 1, 28, (byte) -1); // close to the prime
            }
            ECPoint expected = decoded(sec1);
            if (expected == null) {
                assertThatExceptionOfType(InvalidKeyException.class)
                        .as("seed %d, case %d", seed, i)
                        .isThrownBy(() -> CurvePoint.decode(sec1));
                continue;
            }
            byte[] uncompressed = expected.getEncoded(false);
            assertThat(CurvePoint.decode(sec1).compressed()).as("seed %d", seed).isEqualTo(sec1);
            assertThat(CurvePoint.decode(uncompressed).compressed())
                    .as("seed %d", seed)
                    .isEqualTo(sec1);
            uncompressed[1 + random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
            assertThatExceptionOfType(InvalidKeyException.class)
                    .as("seed %d, case %d", seed, i)
                    .isThrownBy(() -> CurvePoint.decode(uncompressed));
        }
    }

    private static ECPoint decoded(byte[] sec1) {
        try {
            return CURVE.getCurve().decodePoint(sec1);
        } catch (IllegalArgumentException refused) {
            return null;
        }
    }

    private BigInteger secret() {
        return new BigInteger(300, random).mod(N.subtract(BigInteger.ONE)).add(BigInteger.ONE);
    }
}
