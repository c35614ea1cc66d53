package net.voltlane.server.config;

import java.util.List;

/**
 * The configuration can't be used. Its lines are for the operator, each one mistake:
 * {@code file:line: section.key: value (expected: …)}, {@code VARIABLE: value (expected: …)}, or a sentence. There is
 * no stack trace: its reader needs no look into the code.
 */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;
    private final LogFormat logFormat;

    ConfigException(List<String> lines, LogFormat logFormat) {
        super(String.join(System.lineSeparator(), lines), null, false, false);
        this.lines = List.copyOf(lines);
        this.logFormat = logFormat;
    }

    /** The form of log lines that was asked for, as far as that could be understood. */
    public LogFormat logFormat() {
        return logFormat;
    }

    /** Every mistake that was found, at least one. */
    public List<String> lines() {
        return lines;
    }
}
