package net.voltlane.proof;

import java.math.BigInteger;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * The curve, and the few things that are done on it.
 *
 * <p>The curve of {@link CustomNamedCurves} has field arithmetic made for this one prime; the general one takes several times
 * as long for the same result.
 */
final class Secp256k1 {

    /** The size of a secret and of a coordinate. */
    static final int SCALAR_BYTES = 32;

    static final int COMPRESSED_BYTES = 1 + SCALAR_BYTES;

    private static final int UNCOMPRESSED_BYTES = 1 + 2 * SCALAR_BYTES;

    private static final X9ECParameters PARAMETERS = CustomNamedCurves.getByName("secp256k1");
    private static final ECCurve CURVE = PARAMETERS.getCurve();

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

    /**
     * The point that {@code sec1} stands for: on the curve, its coordinates below the field's prime, not infinity. As the
     * curve's cofactor is 1, every such point is of the full order, and there is nothing else to check.
     *
     * @throws InvalidKeyException if it stands for none, or is in a form that is not allowed
     */
    static ECPoint point(byte[] sec1) throws InvalidKeyException {
        if (!hasAllowedForm(sec1)) {
            throw new InvalidKeyException("public key is neither 33 bytes (02, 03) nor 65 bytes (04)");
        }
        try {
            return CURVE.decodePoint(sec1);
        } catch (IllegalArgumentException refused) {
            throw new InvalidKeyException("public key is not a point of the curve");
        }
    }

    /** Bouncy Castle would take more than the protocol does: the hybrid forms 06 and 07, and 00 for infinity. */
    private static boolean hasAllowedForm(byte[] sec1) {
        return switch (sec1.length) {
            case COMPRESSED_BYTES -> sec1[0] == 2 || sec1[0] == 3;
            case UNCOMPRESSED_BYTES -> sec1[0] == 4;
            default -> false;
        };
    }
}
