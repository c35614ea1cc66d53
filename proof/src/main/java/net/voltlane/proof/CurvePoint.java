package net.voltlane.proof;

import org.jspecify.annotations.Nullable;

/**
 * A point of the curve secp256k1 other than infinity, such as a peer's public key. Immutable and thread-safe.
 *
 * <p><b>Why no library is used</b>: the JDK does not have this curve, and every attempt to resume costs one
 * multiplication of a new point by the server's secret number. Anybody may make such attempts, with points of their
 * choice, as often as they like.
 *
 * <ul>
 *   <li>A multiplication takes about 100 microseconds in Bouncy Castle and half of that here; a square root takes 12
 *       there and 6 here. Together they are most of the cost of a resume ({@code ProofBenchmark} in this module's tests
 *       has the figures).
 *   <li>Bouncy Castle's jar is large and signed: verifying it when the first class is loaded takes a fifth of a second.
 *   <li>Bouncy Castle skips steps if a digit of the secret number is zero, and uses the other digits as indexes. Here
 *       the steps and the memory accesses are the same for every number. (That holds for the source; the virtual
 *       machine may compile it differently. {@link WarmUp} says where that matters.)
 *   <li>Here two multiplications have no intermediate number in common, even of the same point by the same number: each
 *       uses a random curve of its own ({@link Isomorphism}). So even if a virtual machine needs longer for some
 *       numbers than for others, an attacker learns nothing by choosing points and repeating them.
 * </ul>
 *
 * <p>The result has to lie on the curve; otherwise {@link SlowMultiple} is used instead ({@link KeyPair#times}). The
 * tests compare every step with Bouncy Castle or with {@code BigInteger}.
 */
final class CurvePoint {

    private static final int COMPRESSED_BYTES = 1 + FieldElement.BYTES;

    private static final int UNCOMPRESSED_BYTES = 1 + 2 * FieldElement.BYTES;

    private static final FieldElement SEVEN = new FieldElement(7);

    /** The generator, of which public keys are multiples. */
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
     * Decodes a point and validates it: on the curve, coordinates below the field's prime, not infinity. As the curve's
     * cofactor is 1, every such point has the full order, and no other check is needed.
     *
     * @throws InvalidKeyException if the bytes are no such point, or are in a form that is not allowed
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

    /** Returns x^3 + 7, which is y^2 if x is the coordinate of a point. */
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

    /** Encodes the point in 65 bytes. */
    byte[] uncompressed() {
        byte[] sec1 = new byte[UNCOMPRESSED_BYTES];
        sec1[0] = 4;
        FieldElement.copy(x).get(sec1, 1);
        FieldElement.copy(y).get(sec1, COMPRESSED_BYTES);
        return sec1;
    }

    /** Encodes the point in 33 bytes. */
    byte[] compressed() {
        byte[] sec1 = new byte[COMPRESSED_BYTES];
        FieldElement copy = FieldElement.copy(y);
        sec1[0] = (byte) (copy.isOdd() ? 3 : 2);
        copy.set(x);
        copy.get(sec1, 1);
        return sec1;
    }

    /**
     * Returns k times this point, computed on a random curve.
     *
     * @return null for one of the few k for which this method does not work
     */
    @Nullable
    CurvePoint times(SplitScalar k) {
        return times(k, Isomorphism.random());
    }

    /** Returns k times this point, computed on the curve that {@code way} leads to. */
    @Nullable
    CurvePoint times(SplitScalar k, Isomorphism way) {
        JacobianPoint sum = sum(k, way.there(x, y));
        way.back(sum);
        // If z is 0, its inverse is 0 too, and (0, 0) is not on the curve.
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
     * Returns k times the point whose multiples are given, on any curve y^2 = x^3 + b.
     *
     * <p>Each of 33 steps multiplies the sum by sixteen and adds multiples for the next digits. Each sum is a multiple
     * of the point by a number that depends on k only. So whether the {@linkplain JacobianPoint formulas} fail does not
     * depend on the point. For a random key that is as unlikely as guessing the key.
     *
     * @return a point whose z is 0 if the formulas have failed
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
