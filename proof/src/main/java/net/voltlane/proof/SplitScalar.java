package net.voltlane.proof;

import java.math.BigInteger;

/**
 * A secret number k, split for multiplying points by it: k = k1 + k2 * L. L is a number by which multiplication is very
 * cheap on this curve (L * (x, y) = (beta * x, y)), and k1 and k2 have half the length of k. Each is written in base 16
 * with 33 digits, all of them odd, from -15 to 15. So no digit is zero, and no step can be skipped. Immutable and
 * thread-safe.
 *
 * <p>It is computed once for each key. So its own arithmetic need not be fast, and is too rare for an attacker to
 * measure.
 */
final class SplitScalar {

    static final int DIGIT_BITS = 4;

    /** The number of digits, enough for 132 bits; k1 and k2 have at most 131 bits and a sign. */
    static final int DIGITS = 33;

    /** The order of the group: the number of points on the curve, a prime. Scalars are taken modulo it. */
    static final BigInteger ORDER =
            new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

    /** Two pairs (a, b) with a + b * L = 0 modulo the group's order: adding them changes k1 and k2, but not k. */
    private static final BigInteger A1 = new BigInteger("3086d221a7d46bcde86c90e49284eb15", 16);

    private static final BigInteger B1 = new BigInteger("-e4437ed6010e88286f547fa90abfe4c3", 16);
    private static final BigInteger A2 = new BigInteger("114ca50f7a8e2f3f657c1108d9d44cfd8", 16);
    private static final BigInteger B2 = A1;

    private final byte[] digits1;
    private final byte[] digits2;

    /** @param k from 1 to the group's order, exclusive */
    SplitScalar(BigInteger k) {
        // Subtracts the sum of such pairs that is nearest to (k, 0), which leaves small numbers.
        BigInteger times1 = rounded(B2.multiply(k));
        BigInteger times2 = rounded(B1.negate().multiply(k));
        BigInteger k1 = k.subtract(times1.multiply(A1)).subtract(times2.multiply(A2));
        BigInteger k2 = times1.multiply(B1).add(times2.multiply(B2)).negate();
        // Only odd numbers can be written with odd digits only. The first pair is (odd, odd), the second (even, odd).
        if (!k1.testBit(0)) {
            k1 = k1.add(A1);
            k2 = k2.add(B1);
        }
        if (!k2.testBit(0)) {
            k1 = k1.add(A2);
            k2 = k2.add(B2);
        }
        digits1 = digits(k1);
        digits2 = digits(k2);
    }

    /** Returns digit i of k1, which counts 16^i. */
    int digit1(int i) {
        return digits1[i];
    }

    /** Returns digit i of k2, which counts 16^i. */
    int digit2(int i) {
        return digits2[i];
    }

    /** Returns a / ORDER, rounded to the nearest integer. */
    private static BigInteger rounded(BigInteger a) {
        return a.shiftLeft(1).add(ORDER).divide(ORDER.shiftLeft(1));
    }

    private static byte[] digits(BigInteger odd) {
        byte[] digits = new byte[DIGITS];
        BigInteger rest = odd.abs();
        for (int i = 0; i < DIGITS - 1; i++) {
            // The digit is chosen so that the rest minus the digit is 16 times an odd number.
            int digit = (rest.intValue() & 31) - 16;
            digits[i] = (byte) (odd.signum() * digit);
            rest = rest.subtract(BigInteger.valueOf(digit)).shiftRight(DIGIT_BITS);
        }
        digits[DIGITS - 1] = (byte) (odd.signum() * rest.intValueExact());
        return digits;
    }
}
