package net.voltlane.server.config;

import java.util.List;

/**
 * The configuration can't be used. Its lines are for the operator, each one mistake:
 * {@code file:line: section.key: value (expected: …)}, {@code VARIABLE: value (expected: …)}, or a sentence. There is
 * no stack trace: nobody has to look into the code for it.
 */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;

    ConfigException(List<String> lines) {
        super(String.join(System.lineSeparator(), lines), null, false, false);
        this.lines = List.copyOf(lines);
    }

    /** Every mistake that was found, at least one. */
    public List<String> lines() {
        return lines;
    }
}
