package net.voltlane.proof;

import org.jspecify.annotations.Nullable;

/**
 * A point of secp256k1 other than infinity, as a peer's public key stands for it. Immutable, for any thread.
 *
 * <p><b>Why this is not left to a library</b>: the JDK does not know this curve, and every attempt to resume costs one
 * multiplication of a new point by the server's one secret number. Anyone may attempt it, with points of their choice,
 * as often as they like.
 *
 * <ul>
 *   <li>Bouncy Castle's takes about 100 microseconds, this one half; a root takes it 12, here 6. Together they are most
 *       of what a resume costs the server ({@code ProofBenchmark} in this module's tests has the figures).
 *   <li>Bouncy Castle's jar is large and signed: the first class from it costs a start a fifth of a second of
 *   verifying.
 *   <li>Bouncy Castle leaves steps out where a digit of the secret number is zero, and looks up points by the others.
 *       Here the same steps are taken and the same memory is read whatever the number is. (As far as a source can say:
 *       what the virtual machine makes of it is up to the virtual machine. {@link WarmUp} says where that matters.)
 *   <li>Here two multiplications have no number in common on their way, even of the same point by the same number: each
 *       goes by a curve of its own, drawn at random ({@link Isomorphism}). Whatever in a virtual machine takes longer
 *       for some numbers than for others, choosing points and repeating them tells nobody more about it.
 * </ul>
 *
 * <p>What comes out has to lie on the curve, or {@link SlowMultiple} is used in its place ({@link KeyPair#times}). The
 * tests compare every step with Bouncy Castle or with {@code BigInteger}.
 */
final class CurvePoint {

    private static final int COMPRESSED_BYTES = 1 + FieldElement.BYTES;

    private static final int UNCOMPRESSED_BYTES = 1 + 2 * FieldElement.BYTES;

    private static final FieldElement SEVEN = new FieldElement(7);

    /** The point that public keys are multiples of. */
    static final CurvePoint BASE = new CurvePoint(
            FieldElement.ofHex("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"),
            FieldElement.ofHex("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"));

    private final FieldElement x;
    private final FieldElement y;

    private CurvePoint(FieldElement x, FieldElement y) {
        this.x = x;
        this.y = y;
    }

    /**
     * The point that {@code sec1} stands for: on the curve, its coordinates below the field's prime, not infinity. As
     * the curve's cofactor is 1, every such point is of the full order, and there is nothing else to check.
     *
     * @throws InvalidKeyException if it stands for none, or is in a form that is not allowed
     */
    static CurvePoint decode(byte[] sec1) throws InvalidKeyException {
        boolean compressed = sec1.length == COMPRESSED_BYTES && (sec1[0] == 2 || sec1[0] == 3);
        if (!compressed && !(sec1.length == UNCOMPRESSED_BYTES && sec1[0] == 4)) {
            throw new InvalidKeyException("public key is neither 33 bytes (02, 03) nor 65 bytes (04)");
        }
        FieldElement x = new FieldElement();
        FieldElement y = new FieldElement();
        boolean inRange = x.set(sec1, 1);
        if (compressed) {
            y.squareRoot(ySquared(x));
            y.negateIf(y.isOdd() == (sec1[0] == 3) ? 0 : -1);
        } else {
            inRange &= y.set(sec1, COMPRESSED_BYTES);
        }
        CurvePoint point = new CurvePoint(x, y);
        if (!inRange || !point.isOnCurve()) {
            throw new InvalidKeyException("public key is not a point of the curve");
        }
        return point;
    }

    /** What y^2 is where x is a point's. */
    private static FieldElement ySquared(FieldElement x) {
        FieldElement ySquared = new FieldElement();
        ySquared.square(x);
        ySquared.multiply(ySquared, x);
        ySquared.add(ySquared, SEVEN);
        return ySquared;
    }

    private boolean isOnCurve() {
        FieldElement difference = new FieldElement();
        difference.square(y);
        difference.subtract(difference, ySquared(x));
        return difference.isZero();
    }

    /** In 65 bytes. */
    byte[] uncompressed() {
        byte[] sec1 = new byte[UNCOMPRESSED_BYTES];
        sec1[0] = 4;
        FieldElement.copy(x).get(sec1, 1);
        FieldElement.copy(y).get(sec1, COMPRESSED_BYTES);
        return sec1;
    }

    /** In 33 bytes. */
    byte[] compressed() {
        byte[] sec1 = new byte[COMPRESSED_BYTES];
        FieldElement copy = FieldElement.copy(y);
        sec1[0] = (byte) (copy.isOdd() ? 3 : 2);
        copy.set(x);
        copy.get(sec1, 1);
        return sec1;
    }

    /**
     * k times this point, by way of a curve drawn at random. Any thread.
     *
     * @return null for one of the few k for which it takes other means
     */
    @Nullable
    CurvePoint times(SplitScalar k) {
        return times(k, Isomorphism.random());
    }

    /** The same, by way of the curve that {@code way} leads to. */
    @Nullable
    CurvePoint times(SplitScalar k, Isomorphism way) {
        JacobianPoint sum = sum(k, way.there(x, y));
        way.back(sum);
        // Where z is 0 so is its inverse, and (0, 0) is not on the curve.
        FieldElement factor = new FieldElement();
        factor.inverse(sum.z);
        FieldElement power = new FieldElement();
        power.square(factor);
        sum.x.multiply(sum.x, power);
        power.multiply(power, factor);
        sum.y.multiply(sum.y, power);
        CurvePoint product = new CurvePoint(sum.x, sum.y);
        return product.isOnCurve() ? product : null;
    }

    /**
     * k times the point whose multiples are given; it may be one of any curve y^2 = x^3 + b.
     *
     * <p>Sixteen times the sum, plus a multiple for the next digits, 33 times over. Each sum is a multiple of the point
     * by a number that depends on k alone, so whether it is ever one that the {@linkplain JacobianPoint formulas} can't
     * add does not depend on the point: for a key drawn at random it is as likely as that someone guesses it.
     *
     * @return z is 0 where it could not be added up
     */
    static JacobianPoint sum(SplitScalar k, OddMultiples odd) {
        JacobianPoint sum = new JacobianPoint();
        int i = SplitScalar.DIGITS - 1;
        odd.lookUp(k.digit1(i));
        sum.x.set(odd.x);
        sum.y.set(odd.y);
        odd.lookUpL(k.digit2(i));
        sum.add(odd.x, odd.y);
        while (--i >= 0) {
            for (int bit = 0; bit < SplitScalar.DIGIT_BITS; bit++) {
                sum.twice();
            }
            odd.lookUp(k.digit1(i));
            sum.add(odd.x, odd.y);
            odd.lookUpL(k.digit2(i));
            sum.add(odd.x, odd.y);
        }
        sum.z.multiply(sum.z, odd.z);
        return sum;
    }
}
