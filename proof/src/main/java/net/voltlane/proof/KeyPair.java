package net.voltlane.proof;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A key pair: a secret number and its point on secp256k1. A server has one for all clients; a client makes one for each
 * session. Immutable and thread-safe.
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

    /** Generates a new pair; every secret is equally likely. */
    public static KeyPair generate(SecureRandom random) {
        byte[] candidate = new byte[SECRET_BYTES];
        while (true) {
            random.nextBytes(candidate);
            BigInteger secret = new BigInteger(1, candidate);
            // Nearly always true. Reducing a number that is out of range, instead of drawing again, would favour small
            // secrets.
            if (isSecret(secret)) {
                return new KeyPair(secret);
            }
        }
    }

    /**
     * Returns the pair of a known secret.
     *
     * @param secret32 a big-endian number from 1 to the group's order, exclusive
     * @throws IllegalArgumentException if the secret is not 32 bytes long or is out of range; the message does not
     *     contain it
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

    /** Returns a fresh copy of the public key: 33 bytes, SEC1 compressed. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** Returns a fresh copy of the secret: 32 bytes, big-endian. For key files only; never show or log it. */
    public byte[] secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        write(secret, bytes, 0);
        return bytes;
    }

    /** Returns the secret number times {@code point}: 33 bytes, SEC1 compressed. */
    byte[] times(CurvePoint point) {
        CurvePoint product = point.times(splitSecret);
        return product != null ? product.compressed() : SlowMultiple.of(point, secret);
    }

    /**
     * Writes a number of at most 256 bits, big-endian, into the 32 bytes from {@code offset} on, which have to be zero.
     */
    static void write(BigInteger number, byte[] bytes, int offset) {
        byte[] shortest = number.toByteArray(); // has a zero byte in front if the first bit is set
        int count = Math.min(shortest.length, SECRET_BYTES);
        System.arraycopy(shortest, shortest.length - count, bytes, offset + SECRET_BYTES - count, count);
    }

    private static boolean isSecret(BigInteger number) {
        return number.signum() > 0 && number.compareTo(SplitScalar.ORDER) < 0;
    }

    /** Returns the public key as text, and nothing of the secret. */
    @Override
    public String toString() {
        return "KeyPair[public=" + HexFormat.of().formatHex(publicKey) + "]";
    }
}
