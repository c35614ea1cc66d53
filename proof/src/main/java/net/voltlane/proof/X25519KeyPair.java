package net.voltlane.proof;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.HexFormat;
import javax.crypto.KeyAgreement;
import org.jspecify.annotations.Nullable;

/**
 * A key pair of version 3: a secret number and its point on Curve25519 (RFC 7748). A server has one for all clients; a
 * client makes one for each session. Keys are 32 bytes, little-endian. Immutable and thread-safe.
 *
 * <p>Computations take 50 to 300 microseconds, so never run them on an event loop.
 */
public final class X25519KeyPair {

    /** The length of private keys, public keys and shared secrets. */
    public static final int BYTES = 32;

    private static final String NAME = "X25519";
    private static final byte[] SALT = "VOLTLANE/3".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SERVER_INFO = "x25519".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BASE_POINT = new byte[BYTES];

    static {
        BASE_POINT[0] = 9;
    }

    private final byte[] privateKey;
    private final byte[] publicKey;
    private final PrivateKey secret;

    private X25519KeyPair(byte[] privateKey) {
        this.privateKey = privateKey;
        try {
            this.secret = KeyFactory.getInstance(NAME)
                    .generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, privateKey.clone()));
        } catch (GeneralSecurityException impossible) {
            throw unavailable(impossible);
        }
        byte[] product = shared(BASE_POINT);
        if (product == null) {
            throw new AssertionError("a multiple of the base point is never zero: secrets are clamped");
        }
        this.publicKey = product;
    }

    /** Generates a new pair; every secret is equally likely. */
    public static X25519KeyPair generate(SecureRandom random) {
        byte[] privateKey = new byte[BYTES];
        random.nextBytes(privateKey);
        return new X25519KeyPair(privateKey);
    }

    /**
     * Returns the pair of a known private key.
     *
     * @param privateKey32 any 32 bytes; the curve's rules are applied to them when they are used
     * @throws IllegalArgumentException if the key is not 32 bytes long; the message does not contain it
     */
    public static X25519KeyPair ofPrivate(byte[] privateKey32) {
        return new X25519KeyPair(checked(privateKey32, "private key"));
    }

    /**
     * Returns a server's pair, which is derived from the secret of its key file. So both versions of the protocol need one
     * file.
     *
     * @param secret32 the secret, 32 bytes, big-endian: {@link KeyPair#secret()}
     * @throws IllegalArgumentException if the secret is not 32 bytes long; the message does not contain it
     */
    public static X25519KeyPair ofServerSecret(byte[] secret32) {
        return new X25519KeyPair(Hkdf.derive(checked(secret32, "secret"), SALT, SERVER_INFO));
    }

    /** Returns a fresh copy of the public key, 32 bytes. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** Returns a fresh copy of the private key, 32 bytes. Never show or log it. */
    public byte[] privateKey() {
        return privateKey.clone();
    }

    /**
     * Computes the secret that this pair shares with another: X25519.
     *
     * @param peerKey the other's public key, any bytes from anybody
     * @return 32 bytes, secret; null if they would be all zeros, which would be no secret, or if the key is not 32 bytes
     *     long
     */
    public byte @Nullable [] shared(byte[] peerKey) {
        if (peerKey.length != BYTES) {
            return null;
        }
        try {
            PublicKey point = KeyFactory.getInstance(NAME)
                    .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, coordinate(peerKey)));
            KeyAgreement agreement = KeyAgreement.getInstance(NAME);
            agreement.init(secret);
            agreement.doPhase(point, true);
            byte[] shared = agreement.generateSecret();
            return isZero(shared) ? null : shared;
        } catch (InvalidKeyException pointOfSmallOrder) {
            return null; // the JDK refuses the points whose every multiple is zero
        } catch (GeneralSecurityException impossible) {
            throw unavailable(impossible);
        }
    }

    /** Reads a point's coordinate: little-endian, and the highest bit does not count. */
    private static BigInteger coordinate(byte[] key) {
        byte[] bigEndian = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bigEndian[i] = key[BYTES - 1 - i];
        }
        bigEndian[0] &= 0x7F;
        return new BigInteger(1, bigEndian);
    }

    private static boolean isZero(byte[] bytes) {
        int any = 0;
        for (byte b : bytes) {
            any |= b;
        }
        return any == 0;
    }

    private static byte[] checked(byte[] secret, String noun) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException(noun + " of " + secret.length + " bytes (expected: 32)");
        }
        return secret.clone();
    }

    private static AssertionError unavailable(GeneralSecurityException cause) {
        return new AssertionError("every Java platform since 11 has " + NAME, cause);
    }

    /** Returns the public key as text, and nothing of the secret. */
    @Override
    public String toString() {
        return "X25519KeyPair[public=" + HexFormat.of().formatHex(publicKey) + "]";
    }
}
