package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.IssuedChallenge;
import net.voltlane.proof.KeyPair;
import net.voltlane.proof.PublicKeys;
import net.voltlane.proof.SharedKey;
import net.voltlane.protocol.Reason;
import net.voltlane.server.guard.Admission;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort;
import net.voltlane.server.session.Sessions;
import org.jspecify.annotations.Nullable;

/**
 * The client loops' way to the sessions: every call travels over the caller's loop queue, behind the data that was put in
 * before. Also knows the server's key, for the proof. Thread-safe; each method belongs to the loop of what it is given.
 */
final class SessionsProxy {
    private static final int KEY_BYTES = 32;

    private final Sessions sessions;
    private final KeyPair serverKey;
    private final SecureRandom random;
    /** A key whose secret nobody knows: what an attempt for an unknown id is computed with. */
    private final byte[] decoy;

    SessionsProxy(Sessions sessions, KeyPair serverKey, SecureRandom random) {
        this.sessions = sessions;
        this.serverKey = serverKey;
        this.random = random;
        decoy = KeyPair.generate(random).publicKey();
    }

    byte[] serverPublicKey() {
        return serverKey.publicKey();
    }

    void open(ClientLink link, byte[] clientKey) {
        link.loop.up.event(() -> sessions.open(link.port, clientKey));
    }

    /**
     * Asks for the key of the session that could be resumed under {@code id}; {@code then} gets null if there is none.
     */
    void keyOf(ClientLoop loop, long id, Consumer<byte @Nullable []> then) {
        loop.up.event(() -> {
            byte[] key = sessions.keyOf(id);
            loop.down.event(() -> then.accept(key));
        });
    }

    void resume(ClientLink link, long id, byte[] provedKey) {
        ClientLoop loop = link.loop;
        loop.up.event(() -> {
            Metric limit = loop.guard.resumes(link.admission, admissionOf(sessions.linkToReplace(id, provedKey)));
            if (limit == null) {
                sessions.resume(link.port, id, provedKey);
            } else {
                loop.down.event(() -> link.overLimit(limit));
            }
        });
    }

    private static @Nullable Admission admissionOf(@Nullable ClientPort port) {
        return port instanceof LinkPort ours ? ours.admission() : null; // and all are
    }

    void firstPacket(ClientLink link) {
        link.loop.up.event(() -> sessions.firstPacket(link.port));
    }

    void lost(ClientLink link) {
        link.loop.up.event(() -> sessions.lost(link.port));
    }

    void violated(ClientLink link, Reason reason) {
        link.loop.up.event(() -> sessions.violated(link.port, reason));
    }

    void blocked(ClientLink link) {
        link.loop.up.event(() -> sessions.blocked(link.port));
    }

    void unblocked(ClientLink link) {
        link.loop.up.event(() -> sessions.unblocked(link.port));
    }

    void detached(ClientLink link, List<ByteBuf> leftovers) {
        link.loop.up.event(() -> sessions.detached(link.port, leftovers));
    }

    /** A new client's key, compressed; null where it is none. Any thread; a square root's time. */
    static byte @Nullable [] validated(byte[] key) {
        try {
            return PublicKeys.validate(key);
        } catch (InvalidKeyException e) {
            return null;
        }
    }

    /**
     * A challenge for the holder of {@code clientKey}. Where there is none the work is the same, for a decoy, and the
     * challenge is under a random key, so that nobody can tell which ids exist. Any thread; an ECDH's time.
     */
    IssuedChallenge challengeFor(byte @Nullable [] clientKey) {
        try {
            byte[] key = SharedKey.derive(serverKey, clientKey == null ? decoy : clientKey);
            byte[] noKey = new byte[KEY_BYTES];
            random.nextBytes(noKey); // drawn for everyone: the work must not tell
            return IssuedChallenge.issue(clientKey == null ? noKey : key, random);
        } catch (InvalidKeyException e) {
            throw new AssertionError("a session's key was validated when it was opened", e);
        }
    }
}
