package net.voltlane.proof;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.math.ec.ECPoint;

/** The key that both ends of a session can work out, each from its own secret and the other's public key. */
public final class SharedKey {

    /** The size of a key. */
    static final int BYTES = 32;

    /** Salt and info of the key derivation: it keeps these keys apart from those of any other use of the same pairs. */
    private static final byte[] DOMAIN = "VOLTLANE.NET".getBytes(StandardCharsets.US_ASCII);

    private SharedKey() {}

    /**
     * The shared key: ECDH, then HKDF-SHA256.
     *
     * <p>A few tenths of a millisecond of work: never on an event loop. Nothing is cached, so a peer that was seen before
     * costs just what a stranger costs. Any thread.
     *
     * @param peerPublicKey as {@link PublicKeys#validate} takes it; validated here too
     * @return 32 bytes, secret
     * @throws InvalidKeyException if the peer's key is no valid point
     */
    public static byte[] derive(KeyPair own, byte[] peerPublicKey) throws InvalidKeyException {
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(x(own, peerPublicKey), DOMAIN, DOMAIN));
        byte[] key = new byte[BYTES];
        hkdf.generateBytes(key, 0, BYTES);
        return key;
    }

    /**
     * The x coordinate of the shared point, big-endian, always 32 bytes. One in 256 begins with a zero byte; an encoder of
     * plain integers would drop it, and the two ends would then disagree once in a while.
     */
    static byte[] x(KeyPair own, byte[] peerPublicKey) throws InvalidKeyException {
        ECPoint shared = Secp256k1.point(peerPublicKey).multiply(own.scalar()).normalize();
        return shared.getAffineXCoord().getEncoded();
    }
}
