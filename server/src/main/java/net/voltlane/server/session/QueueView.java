package net.voltlane.server.session;

import net.voltlane.protocol.QueueBounds;

/**
 * Packets that wait for a client, beside the bounds that they count against.
 *
 * @param bytes of these packets, prefixes included
 */
public record QueueView(long packets, long bytes, QueueBounds bounds) {}
