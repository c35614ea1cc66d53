package net.voltlane.proof;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What is done with public keys alone: the check that one from a peer has to pass, and a short name for people. */
public final class PublicKeys {

    private PublicKeys() {}

    /**
     * Checks a public key and gives it its short form.
     *
     * <p>Some six microseconds of work for a compressed key (a square root), a fraction of one for the other form. Any
     * thread.
     *
     * @param sec1 a point of secp256k1 in SEC1 form: 33 bytes that begin with 02 or 03, or 65 that begin with 04
     * @return the same point in 33 bytes, always a fresh array
     * @throws InvalidKeyException for another length or first byte, for a coordinate that is not below the field's
     *     prime, and for what is not on the curve
     */
    public static byte[] validate(byte[] sec1) throws InvalidKeyException {
        return CurvePoint.decode(sec1).compressed();
    }

    /**
     * A short name by which people compare keys, in the form that OpenSSH uses: {@code SHA256:} and 43 characters of
     * Base64, the hash of the key's 33 bytes. Any thread.
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
