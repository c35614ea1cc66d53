/**
 * How a client that comes back shows that a session is its own: keys, the challenge, the answer.
 *
 * <p>Start reading at {@link net.voltlane.proof.IssuedChallenge} (the server's side) and {@link
 * net.voltlane.proof.ChallengeAnswer} (the client's). Both speak in {@linkplain net.voltlane.proof.SecretBox sealed
 * boxes} under a {@linkplain net.voltlane.proof.SharedKey key that only the two ends can work out}. Ciphers and hashes
 * are the JDK's. Its curves are not ours, so {@code CurvePoint} has that one; nothing else is needed to run, and the
 * tests compare all of it with Bouncy Castle.
 */
@NullMarked
package net.voltlane.proof;

import org.jspecify.annotations.NullMarked;
