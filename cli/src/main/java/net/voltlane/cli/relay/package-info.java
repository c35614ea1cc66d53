/**
 * A TCP relay that cuts connections in the middle of traffic, and counts the messages that lay in their buffers. Start at
 * {@link net.voltlane.cli.relay.Relay}.
 *
 * <p>All but the few methods of {@code Relay} that are for any thread runs on the relay's own thread.
 */
@NullMarked
package net.voltlane.cli.relay;

import org.jspecify.annotations.NullMarked;
