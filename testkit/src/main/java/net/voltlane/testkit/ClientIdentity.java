package net.voltlane.testkit;

import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.SharedKey;

/**
 * The identity that a client keeps in order to resume its session.
 *
 * @param id the session's id
 * @param keys the key pair that the session was opened with
 * @param serverKey the server's public key, 33 bytes
 */
public record ClientIdentity(long id, KeyPair keys, byte[] serverKey) {
    /** The key that both sides seal with, 32 bytes; one point multiplication at each call. */
    public byte[] sharedKey() {
        try {
            return SharedKey.derive(keys, serverKey);
        } catch (InvalidKeyException e) {
            throw new AssertionError("the server's key is not a valid point", e);
        }
    }

    @Override
    public String toString() {
        return "client " + id;
    }
}
