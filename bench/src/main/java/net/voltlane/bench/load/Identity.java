package net.voltlane.bench.load;

import java.util.Arrays;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.SharedKey;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.PubKey;
import org.jspecify.annotations.Nullable;

/**
 * The key that a client of version 2 shows. A few are shared by all clients, so that neither a new session nor the shared key of a
 * resume costs the generator a computation: the server can't know, and has to do its own for each of them. Belongs to
 * one loop.
 */
final class Identity {

    private static final int SECRET_BYTES = 32;

    private final KeyPair pair;
    private final byte[] hello;
    private byte @Nullable [] serverKey;
    private byte @Nullable [] sharedKey;

    private Identity(KeyPair pair) {
        this.pair = pair;
        hello = concat(
                HandshakeCodec.frame(new ProtocolVersion(Limits.PROTOCOL_VERSION)),
                HandshakeCodec.frame(new PubKey(pair.publicKey())));
    }

    /** The secrets are 1, 2, 3 …: a measurement has nothing to hide. */
    static Identity[] few(int count) {
        Identity[] few = new Identity[count];
        for (int i = 0; i < count; i++) {
            byte[] secret = new byte[SECRET_BYTES];
            secret[SECRET_BYTES - 1] = (byte) (i + 1);
            few[i] = new Identity(KeyPair.ofSecret(secret));
        }
        return few;
    }

    /** All that a new client has to say before it may send data. */
    byte[] hello() {
        return hello;
    }

    /** The key shared with a server; worked out once. */
    byte[] sharedWith(byte[] key) throws InvalidKeyException {
        byte[] shared = sharedKey;
        if (shared == null || !Arrays.equals(serverKey, key)) {
            shared = SharedKey.derive(pair, key);
            sharedKey = shared;
            serverKey = key;
        }
        return shared;
    }

    static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
