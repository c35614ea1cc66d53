package net.voltlane.systemtest;

import java.math.BigInteger;
import java.util.Arrays;
import net.voltlane.testkit.Bytes;

/** Public keys of secp256k1, good and bad, by plain arithmetic. */
final class Points {
    /** The order of the field. */
    static final BigInteger P = new BigInteger("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", 16);

    private static final BigInteger SEVEN = BigInteger.valueOf(7);

    private Points() {}

    /** The 65-byte form of a 33-byte key. */
    static byte[] uncompressed(byte[] compressed) {
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(compressed, 1, 33));
        BigInteger y = root(x);
        boolean odd = compressed[0] == 3;
        return Bytes.concat(new byte[] {4}, field(x), field(y.testBit(0) == odd ? y : P.subtract(y)));
    }

    /** The hybrid form (06 or 07), which some libraries take and a server must not. */
    static byte[] hybrid(byte[] compressed) {
        byte[] key = uncompressed(compressed);
        key[0] = (byte) (compressed[0] + 4);
        return key;
    }

    /** A compressed key whose x has no point on the curve. */
    static byte[] compressedOffTheCurve() {
        BigInteger x = BigInteger.TWO;
        while (isSquare(right(x))) {
            x = x.add(BigInteger.ONE);
        }
        return Bytes.concat(new byte[] {2}, field(x));
    }

    /** An uncompressed key beside the curve: the right x, a y that is one too large. */
    static byte[] uncompressedOffTheCurve(byte[] compressed) {
        byte[] key = uncompressed(compressed);
        key[64] ^= 1;
        return key;
    }

    /** A compressed key whose x, reduced, would be on the curve, but is written with the field's order added. */
    static byte[] compressedOverTheField() {
        BigInteger x = BigInteger.ONE;
        while (!isSquare(right(x))) {
            x = x.add(BigInteger.ONE);
        }
        return Bytes.concat(new byte[] {2}, field(x.add(P)));
    }

    /** An uncompressed key of a point on the curve whose x is written with the field's order added. */
    static byte[] uncompressedOverTheField() {
        byte[] compressed = compressedOverTheField();
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(compressed, 1, 33)).subtract(P);
        return Bytes.concat(new byte[] {4}, field(x.add(P)), field(root(x)));
    }

    private static BigInteger right(BigInteger x) {
        return x.modPow(BigInteger.valueOf(3), P).add(SEVEN).mod(P);
    }

    private static BigInteger root(BigInteger x) {
        return right(x).modPow(P.add(BigInteger.ONE).shiftRight(2), P);
    }

    private static boolean isSquare(BigInteger a) {
        return a.modPow(P.subtract(BigInteger.ONE).shiftRight(1), P).equals(BigInteger.ONE);
    }

    private static byte[] field(BigInteger value) {
        byte[] bytes = new byte[32];
        byte[] raw = value.toByteArray();
        int length = Math.min(32, raw.length);
        System.arraycopy(raw, raw.length - length, bytes, 32 - length, length);
        return bytes;
    }
}
