/**
 * Limits on strangers: who may connect, how often, how many at a time, and who is kept out for wrong proofs. Start at
 * {@link net.voltlane.server.guard.Guard}; what it may be told is in {@link net.voltlane.server.guard.GuardLimits}. It
 * knows no channels and writes no log: the edge asks, closes and tells.
 *
 * <p><b>Who gives way.</b> At a limit on handshakes under way, for all or where the machine has no more room, the address
 * that has most of them loses its oldest, and the newcomer is let in. So a flood from some addresses costs only them. A
 * handshake that waits for us, or has proved itself, goes only where its address has no other. One address has a bound
 * of its own besides, at which it loses its own oldest. Links whose session was taken over, and whose peers do not close
 * them, give way likewise: else takeovers could use up the room that is kept for those who come back.
 *
 * <p><b>The resume reserve.</b> A connection does not say whether it wants a new session or its old one before its second
 * packet. So one that meets a limit on new sessions (all clients, connections in a second, the links of its address, or
 * a room that is full of links) is let in all the same as long as the reserve has room, a quarter of all handshakes, and
 * refused only when that packet is a key. The reserve does not look at which id is asked for, so it tells nobody which ids
 * exist. What keeps it open:
 *
 * <ul>
 *   <li>{@code deny}, {@code allow}, bans, an address's connections in a second and its handshakes under way are
 *       checked before, at accept: no reserve helps against them.
 *   <li>Whoever is in it has three seconds for its id, and three for its answer and Ping. In a full reserve the busiest
 *       address gives way, as above.
 *   <li>What goes wrong in it is reset at once: no place is held for a farewell.
 *   <li>Challenges have every other turn of the proof threads, whatever strangers' keys wait, and addresses take turns.
 * </ul>
 *
 * <p><b>What an attacker can do to it.</b> Behind the same address it can take what that address has: silence shortens
 * the time there is for an answer, to the address's handshakes divided by its connections in a second. With more
 * addresses than there are handshakes it can do the same to everybody; then only what stands in front of the server
 * helps. With sessions that stay connected it can use up the room for new clients, unless addresses have a limit of
 * links; those who come back still get in. It can never get in without the proof, take a session's place, or learn which
 * ids exist.
 *
 * <p><b>Who counts as one.</b> An IPv4 address, or an IPv6 /64; a /56 has four times the limits of a /64, and a /48
 * sixteen times, see {@link net.voltlane.server.address.Ladder}.
 *
 * <p><b>Bounds.</b> A {@link net.voltlane.server.guard.Admission} for each connection; a {@code Source} of about 200 bytes
 * for each address, at most 131 072, and for each network, half as many of each next larger kind, and only where a limit
 * looks at them. Bans are in the same tables. A new one pushes out some that are idle; where all are in use the next
 * larger network counts.
 */
@NullMarked
package net.voltlane.server.guard;

import org.jspecify.annotations.NullMarked;
