package net.voltlane.proof;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The key that both ends of a session can compute, each from its own secret and the other's public key. Stateless and
 * thread-safe.
 */
public final class SharedKey {

    /** The length of a key. */
    static final int BYTES = 32;

    /**
     * Salt and info of the key derivation. They make these keys differ from those of any other use of the same key
     * pairs.
     */
    private static final byte[] DOMAIN = "VOLTLANE.NET".getBytes(StandardCharsets.US_ASCII);

    private SharedKey() {}

    /**
     * Computes the shared key: ECDH, then HKDF-SHA256.
     *
     * <p>Takes about sixty microseconds, so never call it on an event loop. Nothing is cached, so a known peer takes
     * exactly as long as an unknown one.
     *
     * @param peerPublicKey in a form that {@link PublicKeys#validate} accepts; it is validated here too
     * @return 32 bytes, secret
     * @throws InvalidKeyException if the peer's key is not a valid point
     */
    public static byte[] derive(KeyPair own, byte[] peerPublicKey) throws InvalidKeyException {
        return Hkdf.derive(x(own, peerPublicKey), DOMAIN, DOMAIN);
    }

    /**
     * Returns the x coordinate of the shared point, big-endian, always 32 bytes. One in 256 begins with a zero byte. An
     * encoding without leading zeros would make the two ends disagree now and then.
     */
    static byte[] x(KeyPair own, byte[] peerPublicKey) throws InvalidKeyException {
        return Arrays.copyOfRange(own.times(CurvePoint.decode(peerPublicKey)), 1, 1 + FieldElement.BYTES);
    }
}
