package net.voltlane.proof;

import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * One attempt to show that a session is one's own, as the server sees it: 32 random bytes go out sealed, and must come
 * back sealed anew.
 *
 * <p>Why "anew": the challenge itself opens, under the right key, to exactly the bytes that are asked for. A server
 * that only looked at what is inside would let in anyone who sends the challenge straight back. A copy is known by its
 * nonce.
 *
 * <p>For one attempt and one thread at a time. Nothing here touches a session, so an attempt that fails, or that nobody
 * ever finishes, changes nothing.
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
     * A new challenge.
     *
     * @param key the session's {@linkplain SharedKey shared key}, or 32 random bytes for an id that has no session, so
     *     that the two look alike from outside
     * @throws IllegalArgumentException if the key is not 32 bytes long
     */
    public static IssuedChallenge issue(byte[] key, SecureRandom random) {
        byte[] text = new byte[TEXT_BYTES];
        random.nextBytes(text);
        return new IssuedChallenge(key.clone(), text, SecretBox.seal(key, text, random));
    }

    /** What is sent to the client: 72 bytes, a fresh copy. */
    public byte[] box() {
        return box.clone();
    }

    /**
     * Whether a response proves that its sender has the key. There is one try: every further call says no, whatever it
     * is given.
     *
     * @param responseBox any bytes at all, from anyone
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
