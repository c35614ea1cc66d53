package net.voltlane.client;

import java.util.Arrays;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.PublicKeys;
import org.jspecify.annotations.Nullable;

/**
 * The public keys that a program has pinned for its server, at most one for each version of the protocol.
 *
 * @param key2 a point of secp256k1 in its short form, 33 bytes
 * @param key3 a key of X25519, 32 bytes
 */
record ServerPins(byte @Nullable [] key2, byte @Nullable [] key3) {

    static final ServerPins NONE = new ServerPins(null, null);

    static final int KEY_3_BYTES = 32;

    /**
     * Returns these pins with another key, which replaces one of the same version.
     *
     * @throws IllegalArgumentException if it is no key
     */
    ServerPins with(byte[] key) {
        if (key.length == KEY_3_BYTES && !Arrays.equals(key, new byte[KEY_3_BYTES])) {
            return new ServerPins(key2, key.clone());
        }
        try {
            return new ServerPins(PublicKeys.validate(key), key3);
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("serverKey: " + e.getMessage(), e);
        }
    }

    boolean isEmpty() {
        return key2 == null && key3 == null;
    }

    /** Returns one of the pinned keys. */
    byte[] any() {
        byte[] key = key3 != null ? key3 : key2;
        if (key == null) {
            throw new IllegalStateException("no key is pinned");
        }
        return key;
    }

    /** Returns the pinned key for a session's version; null if there is none. */
    byte @Nullable [] of(Protocol version) {
        return version == Protocol.V3 ? key3 : key2;
    }

    @Override
    public String toString() {
        return "ServerPins[key2=" + (key2 != null) + ", key3=" + (key3 != null) + "]";
    }
}
