package net.voltlane.proof;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA256 and the key derivation on top of it (RFC 5869), for outputs of one block. Stateless and thread-safe.
 *
 * <p>Every call makes a {@link Mac} of its own. That costs well under a microsecond, while a kept one would hold the last
 * session's key in memory for as long as its thread lives.
 */
public final class Hkdf {

    /** The length of every output. */
    public static final int BYTES = 32;

    private static final String HMAC = "HmacSHA256";

    private static final byte[] FIRST_BLOCK = {1};

    private Hkdf() {}

    /**
     * Derives 32 bytes from {@code input}.
     *
     * @param input a secret of high entropy, such as a key
     * @param salt at least one byte
     * @param info parts that are joined: what the output is for
     */
    public static byte[] derive(byte[] input, byte[] salt, byte[]... info) {
        byte[][] expanded = new byte[info.length + 1][];
        System.arraycopy(info, 0, expanded, 0, info.length);
        expanded[info.length] = FIRST_BLOCK;
        return hmac(hmac(salt, input), expanded);
    }

    /**
     * Computes HMAC-SHA256 of all {@code parts}, one behind the other.
     *
     * @param key at least one byte
     */
    static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac hmac = Mac.getInstance(HMAC);
            hmac.init(new SecretKeySpec(key, HMAC));
            for (byte[] part : parts) {
                hmac.update(part);
            }
            return hmac.doFinal();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every Java platform has " + HMAC, impossible);
        }
    }
}
