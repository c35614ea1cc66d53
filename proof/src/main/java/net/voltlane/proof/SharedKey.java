package net.voltlane.proof;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The key that both ends of a session can work out, each from its own secret and the other's public key. */
public final class SharedKey {

    /** The size of a key. */
    static final int BYTES = 32;

    /** Salt and info of the key derivation: it keeps these keys apart from those of any other use of the same pairs. */
    private static final byte[] DOMAIN = "VOLTLANE.NET".getBytes(StandardCharsets.US_ASCII);

    private static final String HMAC = "HmacSHA256";

    private static final byte[] FIRST_BLOCK = {1};

    private SharedKey() {}

    /**
     * The shared key: ECDH, then HKDF-SHA256.
     *
     * <p>Some sixty microseconds of work: never on an event loop. Nothing is cached, so a peer that was seen before
     * costs just what a stranger costs. Any thread.
     *
     * @param peerPublicKey as {@link PublicKeys#validate} takes it; validated here too
     * @return 32 bytes, secret
     * @throws InvalidKeyException if the peer's key is no valid point
     */
    public static byte[] derive(KeyPair own, byte[] peerPublicKey) throws InvalidKeyException {
        byte[] shared = x(own, peerPublicKey);
        try {
            // HKDF of just one block.
            Mac hmac = Mac.getInstance(HMAC);
            hmac.init(new SecretKeySpec(DOMAIN, HMAC));
            byte[] extracted = hmac.doFinal(shared);
            hmac.init(new SecretKeySpec(extracted, HMAC));
            hmac.update(DOMAIN);
            return hmac.doFinal(FIRST_BLOCK);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every Java platform has " + HMAC, impossible);
        }
    }

    /**
     * The x coordinate of the shared point, big-endian, always 32 bytes. One in 256 begins with a zero byte; an encoder
     * of plain integers would drop it, and the two ends would then disagree once in a while.
     */
    static byte[] x(KeyPair own, byte[] peerPublicKey) throws InvalidKeyException {
        return Arrays.copyOfRange(own.times(CurvePoint.decode(peerPublicKey)), 1, 1 + FieldElement.BYTES);
    }
}
