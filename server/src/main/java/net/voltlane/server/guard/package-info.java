/**
 * Limits on strangers: who may connect, how often, how many at a time, and who is kept out for wrong proofs. Start at
 * {@link net.voltlane.server.guard.Guard}; what it may be told is in {@link net.voltlane.server.guard.GuardLimits}. It
 * knows no channels and writes no log: the edge asks, closes and tells.
 *
 * <p><b>The resume lane.</b> A connection does not say whether it wants a new session or its old one before its second
 * packet. So one that meets a limit on new sessions (all clients, connections in a second, handshakes under way, or the
 * links of its address) is let in all the same as long as the lane has room, a quarter of all handshakes, and refused
 * only when that packet is a key. The lane does not look at which id is asked for, so it tells nobody which ids exist.
 * What keeps it open:
 *
 * <ul>
 *   <li>{@code deny}, {@code allow}, bans, an address's connections in a second and its handshakes under way are
 *       checked before, at accept: no lane helps against them.
 *   <li>Whoever is in it has three seconds for its id, and three for its answer and Ping. In a full lane the longest
 *       waiting for its own next packet gives way to the newest; those for whom we are computing don't. (Of its own
 *       loop: with several, a newcomer on a loop with nobody waiting is refused.)
 *   <li>What goes wrong in it is reset at once: no place is held for a farewell.
 *   <li>Challenges have every other turn of the proof threads, whatever strangers' keys wait.
 * </ul>
 *
 * <p><b>What an attacker can do to it.</b> With one address and no limits for addresses it can fill all other
 * handshakes by silence, and then new clients are refused, but not those who come back: in the lane silence only
 * shortens the time there is for an answer, to the lane's places divided by the connections in a second (with 2 500
 * places and 5 000 a second, half a second). Asking for ids costs us a challenge each: over what the proof threads
 * compute, places are held by those that wait for their turn, and an owner gets in only at some tries. Limits for
 * addresses end both: one address has no more handshakes than {@code max_clients_per_ip}, and comes no faster than
 * {@code connects_per_sec_per_ip}. With many addresses the same needs as many of them as it takes to pass those rates
 * together; then only what stands in front of the server helps. It can never get in without the proof, take a session's
 * place, or learn which ids exist.
 *
 * <p><b>Bounds.</b> A {@link net.voltlane.server.guard.Visit} for each connection; a {@code Source} of about 200 bytes
 * for each address and subnet, at most 131 072 of each, and only where a limit looks at them. Bans are in the same
 * table. A new one pushes out some that are idle; where all are in use it goes uncounted.
 */
@NullMarked
package net.voltlane.server.guard;

import org.jspecify.annotations.NullMarked;
