package net.voltlane.proof;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated encryption of bytes that only a holder of the key can read or write: XChaCha20-Poly1305, without
 * associated data.
 *
 * <pre>
 *  byte   0              n            n + 16                 n + 40
 *       +---- ... ------+------------+----------------------+
 *       |  ciphertext   |  tag, 16   |      nonce, 24       |
 *       +---- ... ------+------------+----------------------+
 * </pre>
 *
 * The nonce comes last; most libraries put it first or leave it out. Stateless and thread-safe.
 */
public final class SecretBox {

    /** The difference in length between a box and its content: tag and nonce. */
    public static final int OVERHEAD_BYTES = 40;

    static final int NONCE_BYTES = 24;

    private static final int TAG_BYTES = 16;

    /** The length of the part of the nonce that goes into the subkey; the rest goes into ChaCha20 itself. */
    private static final int SUBKEY_NONCE_BYTES = 16;

    private static final int INNER_NONCE_BYTES = 12;

    private static final String CIPHER = "ChaCha20-Poly1305";

    private SecretBox() {}

    /**
     * Seals {@code text} under a random nonce.
     *
     * @param key 32 bytes
     * @param text any length, may be empty
     * @return a box, {@link #OVERHEAD_BYTES} longer than {@code text}
     * @throws IllegalArgumentException if the key has another length
     */
    public static byte[] seal(byte[] key, byte[] text, SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return seal(key, text, nonce);
    }

    /** Seals {@code text} under a given nonce. For test vectors only: two texts under one nonce disclose each other. */
    static byte[] seal(byte[] key, byte[] text, byte[] nonce) {
        byte[] box = new byte[text.length + OVERHEAD_BYTES];
        try {
            run(Cipher.ENCRYPT_MODE, key, nonce, text, text.length, box);
        } catch (AEADBadTagException impossible) {
            throw new AssertionError("sealing checks no tag", impossible);
        }
        System.arraycopy(nonce, 0, box, text.length + TAG_BYTES, NONCE_BYTES);
        return box;
    }

    /**
     * Opens a box.
     *
     * @param key 32 bytes
     * @param box any bytes, from any sender
     * @return the content, or null if the box was not sealed under {@code key}
     * @throws IllegalArgumentException if the key has another length; never because of the box
     */
    public static byte @Nullable [] open(byte[] key, byte[] box) {
        requireKey(key);
        if (box.length < OVERHEAD_BYTES) {
            return null;
        }
        byte[] text = new byte[box.length - OVERHEAD_BYTES];
        try {
            run(Cipher.DECRYPT_MODE, key, nonce(box), box, text.length + TAG_BYTES, text);
        } catch (AEADBadTagException wrongTag) {
            return null;
        }
        return text;
    }

    /** Returns the nonce of a box of at least {@link #OVERHEAD_BYTES}. */
    static byte[] nonce(byte[] box) {
        return Arrays.copyOfRange(box, box.length - NONCE_BYTES, box.length);
    }

    private static void run(int mode, byte[] key, byte[] nonce, byte[] in, int inBytes, byte[] out)
            throws AEADBadTagException {
        requireKey(key);
        byte[] innerNonce = new byte[INNER_NONCE_BYTES];
        int tail = NONCE_BYTES - SUBKEY_NONCE_BYTES;
        System.arraycopy(nonce, SUBKEY_NONCE_BYTES, innerNonce, INNER_NONCE_BYTES - tail, tail);
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, new SecretKeySpec(HChaCha20.subkey(key, nonce), CIPHER), new IvParameterSpec(innerNonce));
            cipher.doFinal(in, 0, inBytes, out);
        } catch (AEADBadTagException wrongTag) {
            throw wrongTag;
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("the JDK has " + CIPHER, impossible);
        }
    }

    private static void requireKey(byte[] key) {
        if (key.length != SharedKey.BYTES) {
            throw new IllegalArgumentException("key of " + key.length + " bytes (expected: " + SharedKey.BYTES + ")");
        }
    }
}
