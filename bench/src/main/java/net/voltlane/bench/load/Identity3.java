package net.voltlane.bench.load;

import java.util.Arrays;
import net.voltlane.proof.X25519KeyPair;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.ProtocolVersion;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.Open;
import org.jspecify.annotations.Nullable;

/**
 * The key that a client of version 3 shows. A few are shared by all clients, so that the elliptic curve of a resume costs
 * the generator nothing: the server can't know, and has to do its own for each session. Belongs to one loop.
 */
final class Identity3 {

    /** All clients wish for the longest heartbeat that servers allow by default: an idle client is to be idle. */
    static final int HEARTBEAT_WISH_SECS = 300;

    static final byte[] VERSION = HandshakeCodec.frame(new ProtocolVersion(Limits.PROTOCOL_VERSION_3));

    private static final int SECRET_BYTES = 32;
    private static final byte[] NO_CREDENTIALS = {};

    private final X25519KeyPair pair;
    private final byte[] hello;
    private byte @Nullable [] serverKey;
    private byte @Nullable [] shared;

    private Identity3(X25519KeyPair pair) {
        this.pair = pair;
        hello = Identity.concat(
                VERSION, LinkCodec.frame(new Open(pair.publicKey(), HEARTBEAT_WISH_SECS, NO_CREDENTIALS)));
    }

    /** The secrets are 1, 2, 3 …: a measurement has nothing to hide. */
    static Identity3[] few(int count) {
        Identity3[] few = new Identity3[count];
        for (int i = 0; i < count; i++) {
            byte[] secret = new byte[SECRET_BYTES];
            secret[SECRET_BYTES - 1] = (byte) (i + 1);
            few[i] = new Identity3(X25519KeyPair.ofPrivate(secret));
        }
        return few;
    }

    byte[] publicKey() {
        return pair.publicKey();
    }

    /** All that a new client has to say before it may send data. */
    byte[] hello() {
        return hello;
    }

    /** The secret shared with a server; worked out once. */
    byte[] sharedWith(byte[] key) throws LinkFaultException {
        byte[] known = shared;
        if (known == null || !Arrays.equals(serverKey, key)) {
            known = pair.shared(key);
            if (known == null) {
                throw new LinkFaultException("the server's key is no key");
            }
            shared = known;
            serverKey = key;
        }
        return known;
    }
}
