package net.voltlane.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;

/**
 * Compares the field's arithmetic with {@link BigInteger}. {@code -Dvoltlane.seed} repeats a run, and
 * {@code -Dvoltlane.cases} lengthens it.
 */
final class FieldElementTest {

    private static final BigInteger P = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.valueOf((1L << 32) + 977));

    /** The largest size that a factor may have. */
    private static final int MAX_SIZE = 15;

    private static final int CASES = Integer.getInteger("voltlane.cases", 20_000);

    private final long seed =
            Long.getLong("voltlane.seed", ThreadLocalRandom.current().nextLong());
    private final Random random = new Random(seed);

    /** An element, its expected value, and its size. */
    private record Tracked(FieldElement element, BigInteger value, int size) {

        static Tracked of(byte[] bytes) {
            FieldElement element = new FieldElement();
            element.set(bytes, 0);
            return new Tracked(element, new BigInteger(1, bytes), 1);
        }

        Tracked plus(Tracked other) {
            FieldElement sum = new FieldElement();
            sum.add(element, other.element);
            return new Tracked(sum, value.add(other.value), size + other.size);
        }

        Tracked minus(Tracked other) {
            FieldElement difference = new FieldElement();
            difference.subtract(element, other.element);
            return new Tracked(difference, value.subtract(other.value), size + other.size);
        }

        Tracked times(int factor) {
            FieldElement product = new FieldElement();
            product.scale(element, factor);
            return new Tracked(product, value.multiply(BigInteger.valueOf(factor)), size * factor);
        }

        Tracked times(Tracked other) {
            FieldElement product = new FieldElement();
            product.multiply(element, other.element);
            return new Tracked(product, value.multiply(other.value).mod(P), 1);
        }

        Tracked squared() {
            FieldElement square = new FieldElement();
            square.square(element);
            return new Tracked(square, value.multiply(value).mod(P), 1);
        }

        Tracked negated() {
            FieldElement negated = FieldElement.copy(element);
            negated.negateIf(-1);
            return new Tracked(negated, value.negate(), size);
        }
    }

    @Test
    void numbersOfEveryShapeAndSizeAreMultipliedAndSquared() {
        for (int i = 0; i < CASES; i++) {
            Tracked a = loose(i);
            Tracked b = loose(i / 7);
            check("product", i, a.times(b));
            check("square", i, a.squared());
            check(
                    "product of products",
                    i,
                    a.times(b).times(MAX_SIZE).times(b.squared().times(-MAX_SIZE)));
            check("square of a product", i, a.times(b).times(-MAX_SIZE).squared());
            check("sum", i, a.plus(b.negated()).minus(a.times(b)));
        }
    }

    @Test
    void theLargestLimbsOfEitherSignAreMultipliedAndSquared() {
        Tracked largest = Tracked.of(ones()).times(MAX_SIZE);
        Tracked mixed = Tracked.of(limbs(true))
                .times(MAX_SIZE)
                .minus(Tracked.of(limbs(false)).times(MAX_SIZE));
        // 17/16 of a limb, which is more than a product can have.
        Tracked above = largest.plus(Tracked.of(ones()));
        int i = 0;
        for (Tracked a : new Tracked[] {largest, largest.negated(), mixed, mixed.negated(), above, above.negated()}) {
            check("square", i, a.squared());
            for (Tracked b :
                    new Tracked[] {largest, largest.negated(), mixed, mixed.negated(), above, above.negated()}) {
                check("product", i++, a.times(b));
            }
        }
    }

    @Test
    void aResultMayTakeThePlaceOfAFactor() {
        for (int i = 0; i < 100; i++) {
            Tracked a = loose(i);
            Tracked b = loose(0);
            FieldElement first = FieldElement.copy(a.element);
            first.multiply(first, b.element);
            FieldElement second = FieldElement.copy(b.element);
            second.multiply(a.element, second);
            FieldElement both = FieldElement.copy(a.element);
            both.multiply(both, both);
            FieldElement square = FieldElement.copy(a.element);
            square.square(square);

            assertThat(bytes(first)).as("seed %d", seed).isEqualTo(bytes(a.times(b).element));
            assertThat(bytes(second)).as("seed %d", seed).isEqualTo(bytes(first));
            assertThat(bytes(square)).as("seed %d", seed).isEqualTo(bytes(both));
        }
    }

    @Test
    void aNumberNotBelowThePrimeIsReportedAndReduced() {
        BigInteger end = BigInteger.ONE.shiftLeft(256);
        for (int i = -2000; i <= 2000; i++) {
            BigInteger near = P.add(BigInteger.valueOf(i));
            byte[] bytes = BigIntegers.asUnsignedByteArray(32, near);
            assertThat(new FieldElement().set(bytes, 0)).as("p + %d", i).isEqualTo(i < 0);
            check("near p", i, Tracked.of(bytes));
            check("opposite", i, Tracked.of(bytes).negated());
        }
        for (int i = 1; i < 2000; i++) {
            byte[] bytes = BigIntegers.asUnsignedByteArray(32, end.subtract(BigInteger.valueOf(i)));
            assertThat(new FieldElement().set(bytes, 0)).as("2^256 - %d", i).isFalse();
            check("near 2^256", i, Tracked.of(bytes));
            check("small", i, Tracked.of(BigIntegers.asUnsignedByteArray(32, BigInteger.valueOf(i))));
        }
    }

    @Test
    void everyFormOfZeroIsZero() {
        Tracked p = Tracked.of(BigIntegers.asUnsignedByteArray(32, P));
        for (int factor = -MAX_SIZE; factor <= MAX_SIZE; factor++) {
            assertThat(p.times(factor).element.isZero()).as("%d * p", factor).isTrue();
            Tracked one = p.times(factor).plus(new Tracked(new FieldElement(1), BigInteger.ONE, 1));
            assertThat(one.element.isZero()).as("%d * p + 1", factor).isFalse();
            assertThat(one.element.isOdd()).as("%d * p + 1", factor).isTrue();
        }
    }

    @Test
    void rootsAreFoundWhereThereAreAny() {
        BigInteger half = P.add(BigInteger.ONE).shiftRight(2);
        for (int i = 0; i < CASES / 20; i++) {
            Tracked a = loose(i);
            FieldElement root = new FieldElement();
            root.squareRoot(a.element);
            check("root", i, new Tracked(root, a.value.mod(P).modPow(half, P), 1));
        }
    }

    @Test
    void everyNumberButZeroHasAnInverse() {
        for (int i = 0; i < CASES / 20; i++) {
            Tracked a = loose(i);
            if (a.value.mod(P).signum() == 0) {
                continue;
            }
            FieldElement inverse = new FieldElement();
            inverse.inverse(a.element);
            check("inverse", i, new Tracked(inverse, a.value.modInverse(P), 1));
        }
        FieldElement ofZero = new FieldElement(1);
        ofZero.inverse(new FieldElement());
        assertThat(ofZero.isZero()).isTrue();
    }

    @Test
    void oneOfManyIsSelected() {
        FieldElement[] from = new FieldElement[8];
        Arrays.setAll(from, i -> loose(i).element);
        for (int i = 0; i < from.length; i++) {
            FieldElement selected = loose(0).element;
            selected.select(from, i);
            assertThat(bytes(selected)).as("seed %d", seed).isEqualTo(bytes(from[i]));
        }
    }

    private void check(String what, int i, Tracked number) {
        byte[] expected = BigIntegers.asUnsignedByteArray(32, number.value.mod(P));
        byte[] actual = bytes(number.element);
        if (!Arrays.equals(actual, expected)) { // a million assertions would take most of the test's time
            assertThat(HexFormat.of().formatHex(actual))
                    .as("%s, seed %d, case %d", what, seed, i)
                    .isEqualTo(HexFormat.of().formatHex(expected));
        }
        assertThat(number.element.isOdd()).isEqualTo(number.value.mod(P).testBit(0));
    }

    private static byte[] bytes(FieldElement element) {
        byte[] bytes = new byte[FieldElement.BYTES];
        FieldElement.copy(element).get(bytes, 0);
        return bytes;
    }

    /** Returns sums and differences up to the largest size, of numbers in which many bytes are 00 or FF. */
    private Tracked loose(int i) {
        int size = 1 + i % MAX_SIZE;
        int taken = random.nextInt(size);
        Tracked number = Tracked.of(shaped()).times(size - taken);
        if (random.nextBoolean()) {
            number = number.negated();
        }
        return taken == 0 ? number : number.minus(Tracked.of(shaped()).times(taken));
    }

    private byte[] shaped() {
        byte[] bytes = new byte[FieldElement.BYTES];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            for (int from = 0; from < bytes.length; ) {
                int to = Math.min(bytes.length, from + 1 + random.nextInt(12));
                int kind = random.nextInt(3);
                if (kind < 2) {
                    Arrays.fill(bytes, from, to, (byte) -kind);
                }
                from = to;
            }
        }
        return bytes;
    }

    private static byte[] ones() {
        byte[] ones = new byte[FieldElement.BYTES];
        Arrays.fill(ones, (byte) -1);
        return ones;
    }

    /** Returns a number with ones in every other limb and zeros in the rest. */
    private static byte[] limbs(boolean even) {
        BigInteger limb = BigInteger.ONE.shiftLeft(52).subtract(BigInteger.ONE);
        BigInteger sum = BigInteger.ZERO;
        for (int i = even ? 0 : 1; i < 5; i += 2) {
            sum = sum.or(limb.shiftLeft(52 * i));
        }
        return BigIntegers.asUnsignedByteArray(32, sum.mod(BigInteger.ONE.shiftLeft(256)));
    }
}
