package net.voltlane.server.config;

/**
 * Section {@code limits}.
 *
 * @param maxBufferedBytes bound of the sum of all that the server holds for its peers, in bytes; 0: a quarter of the
 *     memory that the process may use
 */
public record LimitsConfig(long maxBufferedBytes) {}
