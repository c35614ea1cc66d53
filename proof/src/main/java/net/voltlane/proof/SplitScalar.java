package net.voltlane.proof;

import java.math.BigInteger;

/**
 * A secret number k, ready for multiplying points by it: k = k1 + k2 * L, where multiplying by L costs next to nothing
 * on this curve, and k1 and k2 are half as long as k. Each is written in base 16 with 33 digits, all of which are odd,
 * from -15 to 15: there is none that would let a step be left out. Immutable, for any thread.
 *
 * <p>Made once per key, so its own arithmetic need not be fast, and happens too seldom for anyone to measure.
 */
final class SplitScalar {

    static final int DIGIT_BITS = 4;

    /** Enough for 132 bits; k1 and k2 have at most 131, their signs aside. */
    static final int DIGITS = 33;

    /** Two pairs (a, b) with a + b * L = 0 modulo the group's order: adding them changes k1 and k2, but not k. */
    private static final BigInteger A1 = new BigInteger("3086d221a7d46bcde86c90e49284eb15", 16);

    private static final BigInteger B1 = new BigInteger("-e4437ed6010e88286f547fa90abfe4c3", 16);
    private static final BigInteger A2 = new BigInteger("114ca50f7a8e2f3f657c1108d9d44cfd8", 16);
    private static final BigInteger B2 = A1;

    private final byte[] digits1;
    private final byte[] digits2;

    /** @param k from 1 to the group's order, exclusive */
    SplitScalar(BigInteger k) {
        BigInteger[] parts = Secp256k1.split(k);
        BigInteger k1 = parts[0];
        BigInteger k2 = parts[1];
        // Only odd numbers have odd digits alone. The first pair is odd and odd, the second even and odd.
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

    /** The digit of k1 that counts 16^i. */
    int digit1(int i) {
        return digits1[i];
    }

    /** The digit of k2 that counts 16^i. */
    int digit2(int i) {
        return digits2[i];
    }

    private static byte[] digits(BigInteger odd) {
        byte[] digits = new byte[DIGITS];
        BigInteger rest = odd.abs();
        for (int i = 0; i < DIGITS - 1; i++) {
            // With its lowest bit and 16 taken away what is left is 16 times an odd number.
            int digit = (rest.intValue() & 31) - 16;
            digits[i] = (byte) (odd.signum() * digit);
            rest = rest.subtract(BigInteger.valueOf(digit)).shiftRight(DIGIT_BITS);
        }
        digits[DIGITS - 1] = (byte) (odd.signum() * rest.intValueExact());
        return digits;
    }
}
