package net.voltlane.server.edge;

import io.netty.channel.EventLoop;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import net.voltlane.proof.InvalidKeyException;
import net.voltlane.proof.IssuedChallenge;
import net.voltlane.proof.PublicKeys;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.metrics.Counters;
import org.jspecify.annotations.Nullable;

/**
 * The computations that handshakes of one loop need, run on the {@link ProofExecutor}. Results come back on the loop.
 * Belongs to its loop.
 */
final class HandshakeProofs {
    private final ServerIdentity identity;
    private final ProofQueue keyChecks;
    private final ProofQueue challenges;

    HandshakeProofs(EventLoop loop, ProofExecutor executor, ServerIdentity identity, Counters counters) {
        this.identity = identity;
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

    /** Offers waiting computations again; also called now and then, in case other loops hold all places. */
    void retry() {
        keyChecks.retry();
        challenges.retry();
    }
}
