/**
 * A client for people and pipes: lines in are packets out, packets in are lines out. Start at
 * {@link net.voltlane.cli.connect.Conversation}.
 */
@NullMarked
package net.voltlane.cli.connect;

import org.jspecify.annotations.NullMarked;
