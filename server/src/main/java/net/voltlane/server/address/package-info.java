/**
 * Addresses, the networks around them, and what is shared between them. {@link net.voltlane.server.address.Holders}
 * says who holds most of something that is full, and {@link net.voltlane.server.address.Turns} gives each address its
 * turn at something that is slow. Both have no clock and no lock: their owners guard them.
 *
 * <p><b>Who counts as one.</b> An IPv4 address, or an IPv6 /64. Whoever has an IPv6 /48 has 65 536 of those, so IPv6 is
 * counted by /56 and /48 as well: a /56 may hold four times as much as a /64, and a /48 sixteen times as much.
 */
@NullMarked
package net.voltlane.server.address;

import org.jspecify.annotations.NullMarked;
