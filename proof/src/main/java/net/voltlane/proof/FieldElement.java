package net.voltlane.proof;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * A number modulo the field's prime p = 2^256 - 2^32 - 977, in a form that a 64-bit processor multiplies fast: the sum
 * of {@code l0 + l1 * 2^52 + l2 * 2^104 + l3 * 2^156 + l4 * 2^208}. Mutable, for one thread: every operation writes its
 * result into the element that it is called on, which may be one of its arguments.
 *
 * <p><b>Limbs are signed and loose.</b> Sums and differences are taken limb by limb, without a carry and without
 * reduction, so one number has many forms. An element's <em>size</em> says how far its limbs have grown: at size s each
 * limb is at most s * 17/16 * 2^52 in absolute value, and the top limb at most s * 17/16 * 2^48. Products, squares,
 * roots, inverses and elements that were {@linkplain #set(byte[], int) set} from bytes have size 1. A sum or difference
 * has the sum of its terms' sizes. Factors may have size 15 at most, so that nothing overflows. The caller keeps that
 * count; {@link JacobianPoint} notes it on each line.
 *
 * <p><b>Columns.</b> A product is the sum of columns c0 to c8 of limb products of up to 112 bits. Java has no 128-bit
 * sums, but none are needed. The part of a limb product above 2^52, rounded down, is {@code multiplyHigh(a << 6, b <<
 * 6)}. The sum H of those parts is carried to the next column. The rest, the sum of the limb products minus H * 2^52,
 * is a small number, so arithmetic modulo 2^64 gives it exactly.
 *
 * <p><b>Time.</b> No operation branches on a value or uses one as an index.
 */
final class FieldElement {

    static final int BYTES = 32;

    private static final VarHandle BIG_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int LIMB_BITS = 52;
    private static final long LIMB = (1L << LIMB_BITS) - 1;
    private static final int TOP_BITS = 256 - 4 * LIMB_BITS;
    private static final long TOP = (1L << TOP_BITS) - 1;

    /** 2^256 modulo p. */
    private static final long FOLD = (1L << 32) + 977;

    /** 2^260 modulo p: the factor by which the columns from c5 on are folded back to c0 and the following. */
    private static final long FOLD_LIMB = FOLD << (5 * LIMB_BITS - 256);

    /** The constant for the part of a product with {@link #FOLD_LIMB} above 2^52; it contains the whole shift. */
    private static final long FOLD_LIMB_HIGH = FOLD_LIMB << (Long.SIZE - LIMB_BITS);

    /** The shift of each factor for the part of a product above 2^52. */
    private static final int HIGH = (Long.SIZE - LIMB_BITS) / 2;

    private long l0;
    private long l1;
    private long l2;
    private long l3;
    private long l4;

    /** Creates a zero. */
    FieldElement() {}

    /** Creates a small number. */
    FieldElement(int value) {
        l0 = value;
    }

    /** Parses a number of 64 hex digits, below p. */
    static FieldElement ofHex(String digits) {
        FieldElement element = new FieldElement();
        element.set(HexFormat.of().parseHex(digits), 0);
        return element;
    }

    void set(FieldElement a) {
        l0 = a.l0;
        l1 = a.l1;
        l2 = a.l2;
        l3 = a.l3;
        l4 = a.l4;
    }

    /**
     * Sets this to the 32 bytes from {@code offset} on, a big-endian number.
     *
     * @return false if it is not below p
     */
    boolean set(byte[] bytes, int offset) {
        long w3 = (long) BIG_ENDIAN.get(bytes, offset);
        long w2 = (long) BIG_ENDIAN.get(bytes, offset + 8);
        long w1 = (long) BIG_ENDIAN.get(bytes, offset + 16);
        long w0 = (long) BIG_ENDIAN.get(bytes, offset + 24);
        l0 = w0 & LIMB;
        l1 = (w0 >>> 52 | w1 << 12) & LIMB;
        l2 = (w1 >>> 40 | w2 << 24) & LIMB;
        l3 = (w2 >>> 28 | w3 << 36) & LIMB;
        l4 = w3 >>> 16;
        return timesP() == 0;
    }

    /** Reduces this, and writes it as a big-endian number into the 32 bytes from {@code offset} on. */
    void get(byte[] bytes, int offset) {
        reduce();
        BIG_ENDIAN.set(bytes, offset, l4 << 16 | l3 >>> 36);
        BIG_ENDIAN.set(bytes, offset + 8, l3 << 28 | l2 >>> 24);
        BIG_ENDIAN.set(bytes, offset + 16, l2 << 40 | l1 >>> 12);
        BIG_ENDIAN.set(bytes, offset + 24, l1 << 52 | l0);
    }

    /** Reduces this, and tells whether it is 0. */
    boolean isZero() {
        reduce();
        return (l0 | l1 | l2 | l3 | l4) == 0;
    }

    /** Reduces this, and tells whether it is odd. */
    boolean isOdd() {
        reduce();
        return (l0 & 1) != 0;
    }

    void add(FieldElement a, FieldElement b) {
        l0 = a.l0 + b.l0;
        l1 = a.l1 + b.l1;
        l2 = a.l2 + b.l2;
        l3 = a.l3 + b.l3;
        l4 = a.l4 + b.l4;
    }

    void subtract(FieldElement a, FieldElement b) {
        l0 = a.l0 - b.l0;
        l1 = a.l1 - b.l1;
        l2 = a.l2 - b.l2;
        l3 = a.l3 - b.l3;
        l4 = a.l4 - b.l4;
    }

    /** Sets this to {@code a} times a small factor. The size is multiplied by the factor, too. */
    void scale(FieldElement a, int factor) {
        l0 = a.l0 * factor;
        l1 = a.l1 * factor;
        l2 = a.l2 * factor;
        l3 = a.l3 * factor;
        l4 = a.l4 * factor;
    }

    /** Changes the sign of this if {@code mask} is -1, and does nothing if it is 0. */
    void negateIf(long mask) {
        l0 = (l0 ^ mask) - mask;
        l1 = (l1 ^ mask) - mask;
        l2 = (l2 ^ mask) - mask;
        l3 = (l3 ^ mask) - mask;
        l4 = (l4 ^ mask) - mask;
    }

    /** Sets this to one of {@code from}. Reads all of them, so that caches do not tell which one it was. */
    void select(FieldElement[] from, int index) {
        long s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0;
        for (int i = 0; i < from.length; i++) {
            FieldElement a = from[i];
            long mask = ((long) (i ^ index) - 1) >> 63;
            s0 |= a.l0 & mask;
            s1 |= a.l1 & mask;
            s2 |= a.l2 & mask;
            s3 |= a.l3 & mask;
            s4 |= a.l4 & mask;
        }
        l0 = s0;
        l1 = s1;
        l2 = s2;
        l3 = s3;
        l4 = s4;
    }

    /**
     * Sets this to a * b. Fifteen limb products replace 25, as {@code ai * bj + aj * bi} is {@code ai * bi + aj * bj -
     * (ai - aj) * (bi - bj)}. In the names, h stands for parts above 2^52, l for whole products modulo 2^64, d for
     * products of two limbs with the same index, and s for their sum in a column.
     */
    void multiply(FieldElement a, FieldElement b) {
        long a0 = a.l0, a1 = a.l1, a2 = a.l2, a3 = a.l3, a4 = a.l4;
        long b0 = b.l0, b1 = b.l1, b2 = b.l2, b3 = b.l3, b4 = b.l4;

        long hd0 = high(a0, b0), hd1 = high(a1, b1), hd2 = high(a2, b2), hd3 = high(a3, b3), hd4 = high(a4, b4);
        long hs1 = hd0 + hd1, hs2 = hs1 + hd2, hs3 = hs2 + hd3, hs4 = hs3 + hd4;
        long hs5 = hs4 - hd0, hs6 = hs5 - hd1, hs7 = hs6 - hd2;
        long h1 = hs1 - high(a0 - a1, b0 - b1);
        long h2 = hs2 - high(a0 - a2, b0 - b2);
        long h3 = hs3 - high(a0 - a3, b0 - b3) - high(a1 - a2, b1 - b2);
        long h4 = hs4 - high(a0 - a4, b0 - b4) - high(a1 - a3, b1 - b3);
        long h5 = hs5 - high(a1 - a4, b1 - b4) - high(a2 - a3, b2 - b3);
        long h6 = hs6 - high(a2 - a4, b2 - b4);
        long h7 = hs7 - high(a3 - a4, b3 - b4);

        long ld0 = a0 * b0, ld1 = a1 * b1, ld2 = a2 * b2, ld3 = a3 * b3, ld4 = a4 * b4;
        long ls1 = ld0 + ld1, ls2 = ls1 + ld2, ls3 = ls2 + ld3, ls4 = ls3 + ld4;
        long ls5 = ls4 - ld0, ls6 = ls5 - ld1, ls7 = ls6 - ld2;
        fold(
                ld0 - (hd0 << LIMB_BITS),
                ls1 - (a0 - a1) * (b0 - b1) - (h1 << LIMB_BITS) + hd0,
                ls2 - (a0 - a2) * (b0 - b2) - (h2 << LIMB_BITS) + h1,
                ls3 - (a0 - a3) * (b0 - b3) - (a1 - a2) * (b1 - b2) - (h3 << LIMB_BITS) + h2,
                ls4 - (a0 - a4) * (b0 - b4) - (a1 - a3) * (b1 - b3) - (h4 << LIMB_BITS) + h3,
                ls5 - (a1 - a4) * (b1 - b4) - (a2 - a3) * (b2 - b3) - (h5 << LIMB_BITS) + h4,
                ls6 - (a2 - a4) * (b2 - b4) - (h6 << LIMB_BITS) + h5,
                ls7 - (a3 - a4) * (b3 - b4) - (h7 << LIMB_BITS) + h6,
                ld4 - (hd4 << LIMB_BITS) + h7,
                hd4);
    }

    /** Sets this to a * a. */
    void square(FieldElement a) {
        long a0 = a.l0, a1 = a.l1, a2 = a.l2, a3 = a.l3, a4 = a.l4;
        long d0 = a0 << 1, d1 = a1 << 1, d2 = a2 << 1, d3 = a3 << 1;

        long h0 = high(a0, a0);
        long h1 = high(d0, a1);
        long h2 = high(d0, a2) + high(a1, a1);
        long h3 = high(d0, a3) + high(d1, a2);
        long h4 = high(d0, a4) + high(d1, a3) + high(a2, a2);
        long h5 = high(d1, a4) + high(d2, a3);
        long h6 = high(d2, a4) + high(a3, a3);
        long h7 = high(d3, a4);
        long h8 = high(a4, a4);

        fold(
                a0 * a0 - (h0 << LIMB_BITS),
                d0 * a1 - (h1 << LIMB_BITS) + h0,
                d0 * a2 + a1 * a1 - (h2 << LIMB_BITS) + h1,
                d0 * a3 + d1 * a2 - (h3 << LIMB_BITS) + h2,
                d0 * a4 + d1 * a3 + a2 * a2 - (h4 << LIMB_BITS) + h3,
                d1 * a4 + d2 * a3 - (h5 << LIMB_BITS) + h4,
                d2 * a4 + a3 * a3 - (h6 << LIMB_BITS) + h5,
                d3 * a4 - (h7 << LIMB_BITS) + h6,
                a4 * a4 - (h8 << LIMB_BITS) + h7,
                h8);
    }

    /** Returns the part of a limb product above 2^52, rounded down. */
    private static long high(long a, long b) {
        return Math.multiplyHigh(a << HIGH, b << HIGH);
    }

    /**
     * Sets this to the sum of the columns, each of which is below 2^63. c9 holds only a part of the product of the top
     * limbs and is below 2^54. So when it is folded back to c4, a rest d below 2^40 is left, which is folded back to
     * c0.
     */
    private void fold(long c0, long c1, long c2, long c3, long c4, long c5, long c6, long c7, long c8, long c9) {
        long h5 = Math.multiplyHigh(c5, FOLD_LIMB_HIGH);
        long h6 = Math.multiplyHigh(c6, FOLD_LIMB_HIGH);
        long h7 = Math.multiplyHigh(c7, FOLD_LIMB_HIGH);
        long h8 = Math.multiplyHigh(c8, FOLD_LIMB_HIGH);
        long d = Math.multiplyHigh(c9, FOLD_LIMB_HIGH);
        long hd = Math.multiplyHigh(d, FOLD_LIMB_HIGH);
        c0 += c5 * FOLD_LIMB - (h5 << LIMB_BITS) + (d * FOLD_LIMB - (hd << LIMB_BITS));
        c1 += c6 * FOLD_LIMB - (h6 << LIMB_BITS) + h5 + hd;
        c2 += c7 * FOLD_LIMB - (h7 << LIMB_BITS) + h6;
        c3 += c8 * FOLD_LIMB - (h8 << LIMB_BITS) + h7;
        c4 += c9 * FOLD_LIMB - (d << LIMB_BITS) + h8;
        // Carries all limbs at once, not one after the other, so limbs may stay a little too large.
        l0 = (c0 & LIMB) + (c4 >> TOP_BITS) * FOLD;
        l1 = (c1 & LIMB) + (c0 >> LIMB_BITS);
        l2 = (c2 & LIMB) + (c1 >> LIMB_BITS);
        l3 = (c3 & LIMB) + (c2 >> LIMB_BITS);
        l4 = (c4 & TOP) + (c3 >> LIMB_BITS);
    }

    /**
     * Brings this into its unique form, from 0 to p, exclusive. After the first carry it is from -2^48 to 2^256 + 2^48,
     * after the second from 0 to 2^256, and after the third each limb holds exactly its bits. Then p is subtracted if
     * necessary.
     */
    private void reduce() {
        carry();
        carry();
        carry();
        long t = timesP();
        l0 += t * FOLD;
        l4 -= t << TOP_BITS;
        carry();
    }

    /** Carries from limb to limb, so that all but the lowest are in range. The part above 2^256 is folded back. */
    private void carry() {
        l1 += l0 >> LIMB_BITS;
        l2 += l1 >> LIMB_BITS;
        l3 += l2 >> LIMB_BITS;
        l4 += l3 >> LIMB_BITS;
        l0 = (l0 & LIMB) + (l4 >> TOP_BITS) * FOLD;
        l1 &= LIMB;
        l2 &= LIMB;
        l3 &= LIMB;
        l4 &= TOP;
    }

    /**
     * Returns this divided by p, 0 or 1. Expects a number from 0 to 2^256, exclusive, whose limbs hold exactly its
     * bits.
     */
    private long timesP() {
        long carry = (l0 + FOLD) >> LIMB_BITS;
        carry = (l1 + carry) >> LIMB_BITS;
        carry = (l2 + carry) >> LIMB_BITS;
        carry = (l3 + carry) >> LIMB_BITS;
        return (l4 + carry) >> TOP_BITS;
    }

    /** Sets this to a square root of {@code a}, the power (p + 1) / 4; to an arbitrary number if there is none. */
    void squareRoot(FieldElement a) {
        multiply(power(a), a);
    }

    /** Sets this to 1 / a, the power p - 2 of a; to 0 if a is 0. */
    void inverse(FieldElement a) {
        FieldElement power = power(a);
        power.square(power);
        power.square(power);
        multiply(power, a);
    }

    /**
     * Returns the power (p - 3) / 4 of {@code a}, from which both methods above need one or three more steps. The
     * exponent is in binary 223 ones, 0, 22 ones, 00001011. So the steps are powers whose exponents consist of ones
     * only, of growing length.
     */
    private static FieldElement power(FieldElement a) {
        FieldElement ones1 = copy(a);
        FieldElement ones2 = join(ones1, ones1, 1);
        FieldElement ones3 = join(ones2, ones1, 1);
        FieldElement ones6 = join(ones3, ones3, 3);
        FieldElement ones9 = join(ones6, ones3, 3);
        FieldElement ones11 = join(ones9, ones2, 2);
        FieldElement ones22 = join(ones11, ones11, 11);
        FieldElement ones44 = join(ones22, ones22, 22);
        FieldElement ones88 = join(ones44, ones44, 44);
        FieldElement ones176 = join(ones88, ones88, 88);
        FieldElement ones220 = join(ones176, ones44, 44);
        FieldElement ones223 = join(ones220, ones3, 3);
        return join(join(join(ones223, ones22, 1 + 22), ones1, 4 + 1), ones2, 1 + 2);
    }

    /**
     * Returns the power whose exponent is that of {@code head} followed by that of {@code tail}, which has
     * {@code tailBits} bits.
     */
    private static FieldElement join(FieldElement head, FieldElement tail, int tailBits) {
        FieldElement power = copy(head);
        for (int i = 0; i < tailBits; i++) {
            power.square(power);
        }
        power.multiply(power, tail);
        return power;
    }

    static FieldElement copy(FieldElement a) {
        FieldElement copy = new FieldElement();
        copy.set(a);
        return copy;
    }
}
