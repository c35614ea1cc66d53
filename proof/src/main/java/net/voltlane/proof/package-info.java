/**
 * The proof by which a client that resumes a session shows that it is its owner: keys, challenge and answer.
 *
 * <p>Version 3: start reading at {@link net.voltlane.proof.SessionKey}, which makes and checks the proofs of both sides, then
 * {@link net.voltlane.proof.X25519KeyPair}. All of its cryptography is the JDK's.
 *
 * <p>Version 2: start reading at {@link net.voltlane.proof.IssuedChallenge} (the server's side) and
 * {@link net.voltlane.proof.ChallengeAnswer} (the client's). Both exchange {@linkplain net.voltlane.proof.SecretBox
 * sealed boxes} under a {@linkplain net.voltlane.proof.SharedKey key that only the two ends can compute}. Ciphers and
 * hashes are the JDK's. The JDK does not have the curve, so {@code CurvePoint} implements it. There are no other
 * dependencies; the tests compare everything with Bouncy Castle.
 */
@NullMarked
package net.voltlane.proof;

import org.jspecify.annotations.NullMarked;
