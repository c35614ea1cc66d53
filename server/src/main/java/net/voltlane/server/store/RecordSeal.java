package net.voltlane.server.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import net.voltlane.proof.Hkdf;

/**
 * The encryption of what a server gives to a store: ChaCha20-Poly1305 under a key that every server with the same key
 * file has, bound to the session's id. Whoever has the store alone can neither read it, nor change it, nor give one
 * session's bytes to another session.
 *
 * <pre>
 *  byte   0           12                12 + n          28 + n
 *       +------------+------ ... ------+----------------+
 *       | nonce, 12  |   ciphertext    |    tag, 16     |
 *       +------------+------ ... ------+----------------+
 * </pre>
 *
 * <p>Immutable and thread-safe. A call takes some microseconds.
 */
public final class RecordSeal {
    /** The difference in length between sealed bytes and their content. */
    public static final int OVERHEAD_BYTES = 28;

    private static final int NONCE_BYTES = 12;
    private static final String CIPHER = "ChaCha20-Poly1305";
    private static final byte[] SALT = "VOLTLANE/3".getBytes(StandardCharsets.US_ASCII);

    private final SecretKeySpec key;
    private final SecureRandom random;

    private RecordSeal(byte[] secret, String info, SecureRandom random) {
        key = new SecretKeySpec(Hkdf.derive(secret, SALT, info.getBytes(StandardCharsets.US_ASCII)), CIPHER);
        this.random = random;
    }

    /**
     * The seal of records.
     *
     * @param secret the secret of the server's key file, 32 bytes
     */
    public static RecordSeal ofRecords(byte[] secret, SecureRandom random) {
        return new RecordSeal(secret, "store", random);
    }

    /**
     * The seal of what one server hands over to another. It has a key of its own, so that nobody can pass a record off as
     * such.
     *
     * @param secret the secret of the server's key file, 32 bytes
     */
    public static RecordSeal ofHandOvers(byte[] secret, SecureRandom random) {
        return new RecordSeal(secret, "hand over", random);
    }

    /** Seals bytes for a session. */
    public byte[] seal(long id, byte[] content) {
        byte[] sealed = new byte[content.length + OVERHEAD_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        System.arraycopy(nonce, 0, sealed, 0, NONCE_BYTES);
        try {
            cipher(Cipher.ENCRYPT_MODE, id, nonce).doFinal(content, 0, content.length, sealed, NONCE_BYTES);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every Java platform since 11 has " + CIPHER, impossible);
        }
        return sealed;
    }

    /**
     * Opens what was sealed for a session.
     *
     * @param sealed any bytes, from anybody
     * @throws UnreadableRecordException if they were not sealed with this key for this session
     */
    public byte[] open(long id, byte[] sealed) throws UnreadableRecordException {
        if (sealed.length < OVERHEAD_BYTES) {
            throw new UnreadableRecordException(
                    "it has " + sealed.length + " bytes (expected: at least " + OVERHEAD_BYTES + ")");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(sealed, 0, nonce, 0, NONCE_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, id, nonce).doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (AEADBadTagException wrongTag) {
            throw new UnreadableRecordException("it was changed, or sealed with another key or for another session");
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every Java platform since 11 has " + CIPHER, impossible);
        }
    }

    private Cipher cipher(int mode, long id, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new IvParameterSpec(nonce));
        cipher.updateAAD(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(id)
                .array());
        return cipher;
    }

    /** Returns nothing of the key. */
    @Override
    public String toString() {
        return "RecordSeal[secret]";
    }
}
