/**
 * The client's side of a Voltlane server: send packets, receive packets, and come back by itself when the link breaks.
 *
 * <p>To use it, start reading at {@link net.voltlane.client.VoltlaneClient}; {@code docs/CLIENT.md} has examples. To
 * change it, start at {@code ConnectionSupervisor}: the one thread that dials, greets, reads, and dials again.
 */
@NullMarked
package net.voltlane.client;

import org.jspecify.annotations.NullMarked;
