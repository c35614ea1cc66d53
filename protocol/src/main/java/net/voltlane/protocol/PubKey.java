package net.voltlane.protocol;

import java.util.Arrays;

/**
 * A public key: the server's, which clients remember, or a new client's, by which the client later proves that the
 * session is its own.
 *
 * @param key a point of secp256k1 in SEC1 form: 33 bytes from a server, 33 or 65 from a client. Not validated here
 */
public record PubKey(byte[] key) implements HandshakePacket {

    @Override
    public boolean equals(Object other) {
        return other instanceof PubKey that && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return "PubKey[key=" + key.length + " bytes]";
    }
}
