/**
 * Addresses, the networks around them, and fair shares between them. {@link net.voltlane.server.address.Holders} finds
 * the address that holds most of a resource that is full, and {@link net.voltlane.server.address.FairQueue} serves
 * addresses in turn where work is slow. Neither has a clock or a lock: their owners guard them.
 *
 * <p><b>What counts as one client.</b> An IPv4 address, or an IPv6 /64. The owner of an IPv6 /48 has 65 536 of these, so
 * IPv6 is counted by /56 and /48 as well: a /56 may hold four times as much as a /64, and a /48 sixteen times as much.
 */
@NullMarked
package net.voltlane.server.address;

import org.jspecify.annotations.NullMarked;
