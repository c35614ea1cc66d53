package net.voltlane.server.edge;

import io.netty.channel.EventLoop;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.IssuedChallenge;
import net.voltlane.proof.PublicKeys;
import net.voltlane.proof.SessionKey;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The computations that handshakes of one loop need, run on the {@link ProofExecutor}. Results come back on the loop.
 * Belongs to its loop.
 */
final class HandshakeProofs {
    private final EventLoop loop;
    private final ProofExecutor executor;
    private final ServerIdentity identity;
    private final Counters counters;
    private final ProofQueue keyChecks;
    private final ProofQueue challenges;

    HandshakeProofs(EventLoop loop, ProofExecutor executor, ServerIdentity identity, Counters counters) {
        this.loop = loop;
        this.executor = executor;
        this.identity = identity;
        this.counters = counters;
        keyChecks = new ProofQueue(loop, executor, ProofExecutor.Work.KEY, counters, this::retry);
        challenges = new ProofQueue(loop, executor, ProofExecutor.Work.CHALLENGE, counters, this::retry);
    }

    byte[] serverPublicKey() {
        return identity.publicKey();
    }

    /**
     * Validates the key of a new client.
     *
     * @param from the client's address: addresses take turns
     * @param wanted asked before computing, on any thread: false once the result is no longer needed
     * @param then gets the compressed key, or null if it is not a valid one
     */
    void validate(Cidr from, BooleanSupplier wanted, byte[] key, Consumer<byte @Nullable []> then) {
        keyChecks.compute(from, wanted, () -> validated(key), then);
    }

    private static byte @Nullable [] validated(byte[] key) {
        try {
            return PublicKeys.validate(key);
        } catch (InvalidKeyException e) {
            return null;
        }
    }

    /**
     * Computes a challenge for a returning client.
     *
     * @param from the client's address: addresses take turns
     * @param wanted asked before computing, on any thread: false once the result is no longer needed
     * @param clientKey the key of the session; null if there is no such session
     */
    void challenge(Cidr from, BooleanSupplier wanted, byte @Nullable [] clientKey, Consumer<IssuedChallenge> then) {
        challenges.compute(from, wanted, () -> identity.challengeFor(clientKey), then);
    }

    // ---- version 3

    /** The server's public key for clients of version 3. The caller leaves it unchanged. */
    byte[] version3PublicKey() {
        return identity.version3PublicKey();
    }

    /** Returns fresh random bytes for a challenge of version 3. */
    byte[] nonce() {
        return identity.nonce();
    }

    /**
     * Computes the key of a session, for a client of version 3 that has sent a proof for it.
     *
     * @param from the client's address: addresses take turns
     * @param wanted asked before computing, on any thread: false once the result is no longer needed
     * @param then gets the key, or null if there is none with such a key of the client's
     */
    void sessionKey(Cidr from, BooleanSupplier wanted, long id, byte[] clientKey, Consumer<@Nullable SessionKey> then) {
        challenges.compute(from, wanted, () -> identity.sessionKey(id, clientKey), key -> {
            counters.count(Metric.SESSION_KEYS_AT_RESUME);
            then.accept(key);
        });
    }

    /**
     * Computes the key of a session whose client may return later, once there is nothing else to compute. Does nothing
     * if too many wait for that already.
     *
     * @param wanted asked before computing, on any thread: false once the client has gone, which is in time if it returns
     * @param then gets the key, or null if there is none with such a key of the client's
     */
    void sessionKeyAhead(
            Cidr from, BooleanSupplier wanted, long id, byte[] clientKey, Consumer<@Nullable SessionKey> then) {
        assert loop.inEventLoop() : "belongs to its client loop";
        boolean accepted = executor.offer(ProofExecutor.Work.AHEAD, from, () -> {
            if (wanted.getAsBoolean()) {
                SessionKey key = identity.sessionKey(id, clientKey);
                loop.execute(() -> {
                    counters.count(Metric.SESSION_KEYS_AHEAD);
                    then.accept(key);
                });
            }
        });
        if (!accepted) {
            counters.count(Metric.SESSION_KEYS_POSTPONED);
        }
    }

    /** Offers waiting computations again; also called now and then, in case other loops hold all places. */
    void retry() {
        keyChecks.retry();
        challenges.retry();
    }
}
