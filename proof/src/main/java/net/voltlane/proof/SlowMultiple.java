package net.voltlane.proof;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Multiples of a point by the textbook method: double, and add if the bit is one. It is slow, and its time depends on
 * the number. But it is correct for every number, so it replaces {@link CurvePoint#times} where that fails, which
 * practically never happens.
 */
final class SlowMultiple {

    private static final BigInteger P =
            BigInteger.TWO.pow(256).subtract(BigInteger.TWO.pow(32)).subtract(BigInteger.valueOf(977));

    private static final BigInteger THREE = BigInteger.valueOf(3);

    private BigInteger x;
    private BigInteger y;

    private SlowMultiple(BigInteger x, BigInteger y) {
        this.x = x;
        this.y = y;
    }

    /**
     * Returns k times {@code point} in 33 bytes, SEC1 compressed.
     *
     * @param k from 1 to the group's order, exclusive, so that no intermediate sum is the point that is added to it, or
     *     its opposite
     */
    static byte[] of(CurvePoint point, BigInteger k) {
        byte[] sec1 = point.uncompressed();
        BigInteger pointX = new BigInteger(1, Arrays.copyOfRange(sec1, 1, 1 + FieldElement.BYTES));
        BigInteger pointY = new BigInteger(1, Arrays.copyOfRange(sec1, 1 + FieldElement.BYTES, sec1.length));
        SlowMultiple sum = new SlowMultiple(pointX, pointY);
        for (int bit = k.bitLength() - 2; bit >= 0; bit--) {
            sum.addOnLine(sum.x, THREE.multiply(sum.x).multiply(sum.x), sum.y.shiftLeft(1));
            if (k.testBit(bit)) {
                sum.addOnLine(pointX, pointY.subtract(sum.y), pointX.subtract(sum.x));
            }
        }
        return sum.compressed();
    }

    /** Adds the point at {@code otherX}, given rise and run of the line through both points, or of the tangent. */
    private void addOnLine(BigInteger otherX, BigInteger rise, BigInteger run) {
        BigInteger slope = rise.multiply(run.modInverse(P));
        BigInteger sumX = slope.multiply(slope).subtract(x).subtract(otherX).mod(P);
        y = slope.multiply(x.subtract(sumX)).subtract(y).mod(P);
        x = sumX;
    }

    private byte[] compressed() {
        byte[] sec1 = new byte[1 + FieldElement.BYTES];
        sec1[0] = (byte) (y.testBit(0) ? 3 : 2);
        KeyPair.write(x, sec1, 1);
        return sec1;
    }
}
