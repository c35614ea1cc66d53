package net.voltlane.proof;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A secret number and the point of secp256k1 that belongs to it. A server has one for all of its clients; a client
 * makes one per session. Immutable, for any thread.
 */
public final class KeyPair {

    private static final int SECRET_BYTES = 32;

    private final BigInteger secret;
    private final SplitScalar splitSecret;
    private final byte[] publicKey;

    private KeyPair(BigInteger secret) {
        this.secret = secret;
        this.splitSecret = new SplitScalar(secret);
        this.publicKey = times(CurvePoint.BASE);
    }

    /** A new pair, every secret as likely as any other. */
    public static KeyPair generate(SecureRandom random) {
        byte[] candidate = new byte[SECRET_BYTES];
        while (true) {
            random.nextBytes(candidate);
            BigInteger secret = new BigInteger(1, candidate);
            // Nearly always true. Reducing what is out of range instead of drawing again would favour small secrets.
            if (isSecret(secret)) {
                return new KeyPair(secret);
            }
        }
    }

    /**
     * The pair of a known secret.
     *
     * @param secret32 a big-endian number from 1 to the group's order, exclusive
     * @throws IllegalArgumentException if it is not 32 bytes long or out of range; the message does not repeat it
     */
    public static KeyPair ofSecret(byte[] secret32) {
        if (secret32.length != SECRET_BYTES) {
            throw new IllegalArgumentException("secret of " + secret32.length + " bytes (expected: 32)");
        }
        BigInteger secret = new BigInteger(1, secret32);
        if (!isSecret(secret)) {
            throw new IllegalArgumentException(
                    "secret out of range (expected: 1 to the order of secp256k1, exclusive)");
        }
        return new KeyPair(secret);
    }

    /** The public key: 33 bytes, SEC1 compressed, a fresh copy. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** The secret: 32 bytes, big-endian, a fresh copy. For a key file, and for nothing that is shown or logged. */
    public byte[] secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        write(secret, bytes, 0);
        return bytes;
    }

    /** The secret number times {@code point}: 33 bytes, SEC1 compressed. */
    byte[] times(CurvePoint point) {
        CurvePoint product = point.times(splitSecret);
        return product != null ? product.compressed() : SlowMultiple.of(point, secret);
    }

    /** Writes a number of 256 bits at most, big-endian, into the 32 bytes from {@code offset} on, which are zero. */
    static void write(BigInteger number, byte[] bytes, int offset) {
        byte[] shortest = number.toByteArray(); // with a sign of its own in front, where the first bit is set
        int count = Math.min(shortest.length, SECRET_BYTES);
        System.arraycopy(shortest, shortest.length - count, bytes, offset + SECRET_BYTES - count, count);
    }

    private static boolean isSecret(BigInteger number) {
        return number.signum() > 0 && number.compareTo(SplitScalar.ORDER) < 0;
    }

    /** Shows the public key alone. */
    @Override
    public String toString() {
        return "KeyPair[public=" + HexFormat.of().formatHex(publicKey) + "]";
    }
}
