package net.voltlane.server.link;

/**
 * The event that a codec sends up when a read brought bytes that no frame shows, such as control frames. They count
 * against the client's limits, and are a sign of life.
 *
 * @param bytes how many there were, without those that an earlier event has told of; 0 or more
 */
public record LayerInput(int bytes) {}
