package net.voltlane.proof;

import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * A challenge that the server has issued for one attempt to resume: 32 random bytes go out sealed, and must come back
 * sealed anew.
 *
 * <p>Why "anew": under the right key the challenge itself decrypts to exactly the expected bytes. A server that checked
 * the content only would accept anybody who sends the challenge straight back. A copy is recognized by its nonce.
 *
 * <p>For one attempt, and one thread at a time. It has no access to a session, so an attempt that fails, or is never
 * finished, changes nothing.
 */
public final class IssuedChallenge {

    private static final int TEXT_BYTES = 32;

    private final byte[] key;
    private final byte[] text;
    private final byte[] box;
    private boolean used;

    private IssuedChallenge(byte[] key, byte[] text, byte[] box) {
        this.key = key;
        this.text = text;
        this.box = box;
    }

    /**
     * Issues a new challenge.
     *
     * @param key the session's {@linkplain SharedKey shared key}, or 32 random bytes for an id without a session, so
     *     that a client can't tell the two apart
     * @throws IllegalArgumentException if the key is not 32 bytes long
     */
    public static IssuedChallenge issue(byte[] key, SecureRandom random) {
        byte[] text = new byte[TEXT_BYTES];
        random.nextBytes(text);
        return new IssuedChallenge(key.clone(), text, SecretBox.seal(key, text, random));
    }

    /** Returns a fresh copy of the box for the client, 72 bytes. */
    public byte[] box() {
        return box.clone();
    }

    /**
     * Checks whether a response proves that its sender has the key. There is one try: every further call returns false.
     *
     * @param responseBox any bytes, from any sender
     */
    public boolean accepts(byte[] responseBox) {
        if (used) {
            return false;
        }
        used = true;
        if (responseBox.length != box.length
                || MessageDigest.isEqual(SecretBox.nonce(responseBox), SecretBox.nonce(box))) {
            return false;
        }
        byte[] answer = SecretBox.open(key, responseBox);
        return answer != null && MessageDigest.isEqual(answer, text);
    }
}
