package net.voltlane.proof;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Functions on public keys: the validation of a peer's key, and a fingerprint for people. Stateless and thread-safe.
 */
public final class PublicKeys {

    private PublicKeys() {}

    /**
     * Validates a public key and returns its compressed form.
     *
     * <p>Takes about six microseconds for a compressed key (a square root), and a fraction of one for an uncompressed
     * key.
     *
     * @param sec1 a point of secp256k1 in SEC1 form: 33 bytes that begin with 02 or 03, or 65 that begin with 04
     * @return the same point in 33 bytes, always a fresh array
     * @throws InvalidKeyException for another length or first byte, for a coordinate that is not below the field's
     *     prime, and for a point that is not on the curve
     */
    public static byte[] validate(byte[] sec1) throws InvalidKeyException {
        return CurvePoint.decode(sec1).compressed();
    }

    /**
     * Returns a fingerprint by which people compare keys, in OpenSSH's form: {@code SHA256:} and 43 characters of
     * Base64, the hash of the key's 33 bytes.
     *
     * @param compressed 33 bytes, SEC1 compressed
     */
    public static String fingerprint(byte[] compressed) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(compressed);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }
}
