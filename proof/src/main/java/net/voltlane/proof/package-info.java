/**
 * How a client that comes back shows that a session is its own: keys, the challenge, the answer.
 *
 * <p>Start reading at {@link net.voltlane.proof.Challenge} (the server's side) and
 * {@link net.voltlane.proof.ChallengeAnswer} (the client's). Both speak in
 * {@linkplain net.voltlane.proof.SecretBox sealed boxes} under a
 * {@linkplain net.voltlane.proof.SharedKey key that only the two ends can work out}. The ciphers and most of the curve
 * come from Bouncy Castle's lightweight API, and {@code CurvePoint} says what does not and why; no security provider is
 * registered, so nothing changes for the rest of a process.
 */
@NullMarked
package net.voltlane.proof;

import org.jspecify.annotations.NullMarked;
