package net.voltlane.proof;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The key K of a session of version 3, with which client and server prove to each other at a resume that they are the two
 * that opened the session.
 *
 * <pre>
 *  K         HKDF-SHA256(X25519 secret, salt "VOLTLANE/3", info "session", u64 id, client key, server key)
 *  T         SHA-256(u32 length of Resume, Resume, u32 length of Challenge, Challenge)
 *  proof C   HMAC-SHA256(K, "client", T)
 *  proof S   HMAC-SHA256(K, "server", T, proof C, all of Resumed behind proof S)
 * </pre>
 *
 * <p>Immutable. Every method may be called on any thread, also on an event loop: a proof costs one HMAC, a microsecond or
 * two. Proofs are compared in constant time. Only {@link X25519KeyPair#shared}, which comes before {@link #derive}, is
 * expensive.
 */
public final class SessionKey {

    /** The length of keys, transcripts and proofs. */
    public static final int BYTES = Hkdf.BYTES;

    private static final byte[] SALT = "VOLTLANE/3".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INFO = "session".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLIENT = "client".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SERVER = "server".getBytes(StandardCharsets.US_ASCII);

    // The key lies in the object itself: a server has one for each session, and an array would take up half as much
    // again.
    private final long first;
    private final long second;
    private final long third;
    private final long fourth;

    private SessionKey(byte[] key) {
        ByteBuffer bytes = ByteBuffer.wrap(key);
        first = bytes.getLong();
        second = bytes.getLong();
        third = bytes.getLong();
        fourth = bytes.getLong();
    }

    /**
     * Derives the key of a session.
     *
     * @param shared the {@linkplain X25519KeyPair#shared X25519 secret} of the two public keys
     * @param id the session's id
     * @param clientKey the public key that the client sent in Open, 32 bytes
     * @param serverKey the public key that the server sent in Opened, 32 bytes
     */
    public static SessionKey derive(byte[] shared, long id, byte[] clientKey, byte[] serverKey) {
        byte[] number = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(id)
                .array();
        return new SessionKey(Hkdf.derive(shared, SALT, INFO, number, clientKey, serverKey));
    }

    /**
     * Returns a key that was exported.
     *
     * @param bytes32 as returned by {@link #bytes()}
     * @throws IllegalArgumentException if the key is not 32 bytes long; the message does not contain it
     */
    public static SessionKey of(byte[] bytes32) {
        if (bytes32.length != BYTES) {
            throw new IllegalArgumentException("key of " + bytes32.length + " bytes (expected: 32)");
        }
        return new SessionKey(bytes32);
    }

    /** Returns a fresh copy of the key, 32 bytes. For a safe store only; never show or log it. */
    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(first)
                .putLong(second)
                .putLong(third)
                .putLong(fourth)
                .array();
    }

    /**
     * Computes the transcript T of one attempt to resume.
     *
     * @param resumePayload the payload of the client's Resume as it was sent, type byte included
     * @param challengePayload the payload of the server's Challenge as it was sent, type byte included
     * @return 32 bytes
     */
    public static byte[] transcript(byte[] resumePayload, byte[] challengePayload) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(length(resumePayload));
            hash.update(resumePayload);
            hash.update(length(challengePayload));
            hash.update(challengePayload);
            return hash.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }

    /** Computes proof C, by which the client shows that it has this key. */
    public byte[] clientProof(byte[] transcript) {
        return Hkdf.hmac(bytes(), CLIENT, transcript);
    }

    /** Returns true if {@code proof}, any bytes from anybody, is proof C of this attempt. */
    public boolean verifiesClient(byte[] transcript, byte[] proof) {
        return MessageDigest.isEqual(clientProof(transcript), proof);
    }

    /**
     * Computes proof S, by which the server shows that it has this key, and that the rest of Resumed is its own.
     *
     * @param behindProof all bytes of Resumed's payload that follow the proof
     */
    public byte[] serverProof(byte[] transcript, byte[] clientProof, byte[] behindProof) {
        return Hkdf.hmac(bytes(), SERVER, transcript, clientProof, behindProof);
    }

    /**
     * Returns true if {@code proof}, any bytes from anybody, is proof S of this attempt.
     *
     * @param behindProof all bytes of Resumed's payload that follow the proof, also those that the reader does not know
     */
    public boolean verifiesServer(byte[] transcript, byte[] clientProof, byte[] behindProof, byte[] proof) {
        return MessageDigest.isEqual(serverProof(transcript, clientProof, behindProof), proof);
    }

    private static byte[] length(byte[] bytes) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .array();
    }

    /** Returns nothing of the key. */
    @Override
    public String toString() {
        return "SessionKey[secret]";
    }
}
