/**
 * Limits on connections: which addresses may connect, how often, how many at a time, and bans for wrong proofs. Start
 * at {@link net.voltlane.server.guard.Guard}, which decides, and {@code Admission.Phase}, which draws a connection's
 * life. {@code Admissions} counts, and {@link net.voltlane.server.guard.GuardLimits} holds the settings. Nothing here
 * knows channels or writes a log: the edge asks, closes connections and logs.
 *
 * <p><b>Giving way.</b> At the limit on handshakes under way, or when the machine has no more room, the address that
 * has most of them loses its oldest one, and the newcomer is let in. So a flood from some addresses costs only these. A
 * handshake that waits for the server, or has proved itself, gives way only if its address has no other one. There is
 * also a limit for one address, at which it loses its own oldest handshake. Links whose sessions were taken over, and
 * whose peers do not close them, give way likewise: else takeovers could use up the room for returning clients.
 *
 * <p><b>The resume reserve.</b> A connection does not say whether it wants a new session or its old one before its
 * second packet. So one that meets a limit on new sessions (all clients, connections in a second, the links of its
 * address, or a room that is full of links) is still let in while the reserve has room, a quarter of all handshakes,
 * and is refused only if that packet is a key. The reserve does not look at the id that is asked for, so it does not
 * reveal which ids exist. These rules keep it open:
 *
 * <ul>
 *   <li>{@code deny}, {@code allow}, bans, an address's connections in a second and its handshakes under way are
 *       checked before, at accept. The reserve does not lift them.
 *   <li>A connection in it has three seconds to send its id, and three to send its answer and Ping. In a full reserve
 *       the busiest address gives way, as above.
 *   <li>A handshake that fails in it is reset at once, so that no place is held for a farewell.
 *   <li>Challenges have every other turn of the proof threads, however many keys of new clients wait, and addresses
 *       take turns.
 * </ul>
 *
 * <p><b>What an attacker can do.</b> From a client's own address an attacker can use up what that address may have: its
 * silent handshakes shorten the time for an answer to the address's handshakes divided by its connections in a second.
 * With more addresses than there are handshakes, the attacker can do the same to every client; then only a defence in
 * front of the server helps. With sessions that stay connected it can use up the room for new clients, unless there is
 * a limit on the links of an address; returning clients still get in. An attacker can never get in without the proof,
 * take a session's place, or learn which ids exist.
 *
 * <p><b>What counts as one address.</b> An IPv4 address, or an IPv6 /64; a /56 has four times the limits of a /64, and
 * a /48 sixteen times, see {@link net.voltlane.server.address.PrefixLevels}.
 *
 * <p><b>Bounds.</b> A {@link net.voltlane.server.guard.Admission} for each connection; a {@code Source} of about 200
 * bytes for each address, at most 131 072, and for each network, half as many of each next larger kind, and only where
 * a limit looks at them. Bans for wrong proofs are in the same tables. A new source pushes out idle ones; if all are in
 * use, the next larger network counts. Operators may give
 * {@link net.voltlane.server.guard.Bans#MAX_OF_OPERATORS} bans of their own.
 */
@NullMarked
package net.voltlane.server.guard;

import org.jspecify.annotations.NullMarked;
