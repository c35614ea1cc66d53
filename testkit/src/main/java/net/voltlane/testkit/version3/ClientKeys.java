package net.voltlane.testkit.version3;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;
import org.jspecify.annotations.Nullable;

/** An X25519 key pair of a client. It remembers the secret that it shares with the server that it was asked for last. */
public final class ClientKeys {
    private static final int KEY_BYTES = 32;

    private final KeyPair pair;
    private final byte[] publicKey;
    private byte @Nullable [] lastServerKey;
    private byte[] lastShared = {};

    /** Generates a pair. */
    public ClientKeys() {
        try {
            pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        publicKey = littleEndian(((XECPublicKey) pair.getPublic()).getU());
    }

    byte[] publicKey() {
        return publicKey;
    }

    synchronized byte[] shared(byte[] serverKey) {
        if (!Arrays.equals(serverKey, lastServerKey)) {
            try {
                KeyAgreement agreement = KeyAgreement.getInstance("X25519");
                agreement.init(pair.getPrivate());
                agreement.doPhase(decode(serverKey), true);
                lastShared = agreement.generateSecret();
            } catch (GeneralSecurityException e) {
                throw new AssertionError("the server's key is none", e);
            }
            lastServerKey = serverKey;
        }
        return lastShared;
    }

    private static PublicKey decode(byte[] key) throws GeneralSecurityException {
        byte[] bigEndian = reversed(key);
        bigEndian[0] &= 0x7F;
        return KeyFactory.getInstance("X25519")
                .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian)));
    }

    private static byte[] littleEndian(BigInteger u) {
        byte[] bigEndian = u.toByteArray();
        byte[] key = new byte[KEY_BYTES];
        for (int i = 0; i < Math.min(KEY_BYTES, bigEndian.length); i++) {
            key[i] = bigEndian[bigEndian.length - 1 - i];
        }
        return key;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
