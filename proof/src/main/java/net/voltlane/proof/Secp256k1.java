package net.voltlane.proof;

import java.math.BigInteger;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.math.ec.endo.GLVEndomorphism;

/**
 * The curve, and what Bouncy Castle does on it. Multiplying a peer's point is done in {@link CurvePoint}.
 *
 * <p>The curve of {@link CustomNamedCurves} has field arithmetic made for this one prime; the general one takes several
 * times as long for the same result. It also knows the curve's endomorphism, a number L that it is very cheap to
 * multiply a point by: L * (x, y) = (beta * x, y).
 */
final class Secp256k1 {

    /** The size of a secret and of a coordinate. */
    static final int SCALAR_BYTES = 32;

    private static final X9ECParameters PARAMETERS = CustomNamedCurves.getByName("secp256k1");
    private static final ECCurve CURVE = PARAMETERS.getCurve();
    private static final GLVEndomorphism ENDOMORPHISM = (GLVEndomorphism) CURVE.getEndomorphism();

    private Secp256k1() {}

    /** Whether {@code secret} is from 1 to the group's order, exclusive. */
    static boolean isSecret(BigInteger secret) {
        return secret.signum() > 0 && secret.compareTo(PARAMETERS.getN()) < 0;
    }

    static byte[] publicKeyOf(BigInteger secret) {
        return new FixedPointCombMultiplier()
                .multiply(PARAMETERS.getG(), secret)
                .getEncoded(true);
    }

    /** Two numbers of half the length, of either sign: {@code k} is the first plus L times the second. */
    static BigInteger[] split(BigInteger k) {
        return ENDOMORPHISM.decomposeScalar(k);
    }

    /** See above; 32 bytes, big-endian. */
    static byte[] beta() {
        ECPoint one = PARAMETERS.getG();
        ECPoint mapped = ENDOMORPHISM.getPointMap().map(one).normalize();
        return mapped.getAffineXCoord().divide(one.getAffineXCoord()).getEncoded();
    }

    /**
     * 1 / x modulo the field's prime.
     *
     * @param x 32 bytes, big-endian, not zero and below the prime
     */
    static byte[] inverse(byte[] x) {
        return CURVE.fromBigInteger(new BigInteger(1, x)).invert().getEncoded();
    }

    /**
     * The x coordinate of a point's multiple: slow, and for every number.
     *
     * @param sec1 a valid point
     */
    static byte[] timesForX(byte[] sec1, BigInteger k) {
        return CURVE.decodePoint(sec1).multiply(k).normalize().getAffineXCoord().getEncoded();
    }
}
