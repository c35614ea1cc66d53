package net.voltlane.server.config;

/**
 * Section {@code general}.
 *
 * @param logLevel how much is logged
 * @param logFormat in which form
 */
public record General(LogLevel logLevel, LogFormat logFormat) {}
