package net.voltlane.server.link;

/**
 * The event that a codec sends up when a read brought bytes that no frame shows, such as control frames. They count
 * against the client's limits, and are a sign of life.
 *
 * @param bytes how many there were
 */
public record LayerInput(int bytes) {}
