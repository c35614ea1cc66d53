package net.voltlane.server.config;

import org.jspecify.annotations.Nullable;

/**
 * The name, meaning and default of one setting. It is declared in the class of its {@link Section}, and nowhere else:
 * parser, checks, suggestions, {@code --print-config}, the defaults in code and {@link ConfigChange} work from it, and
 * tests hold the template and {@code docs/CONFIGURATION.md} to it. {@link Catalogue#ALL} lists all keys.
 *
 * @param <T> the type of its values in Java
 * @param section the TOML table that the key belongs to
 * @param name the name of the key in that table
 * @param variable the environment variable that overrides the file
 * @param reload when a changed value takes effect in a running server
 * @param type the syntax of its values
 * @param defaultValue the value that holds if no source sets the key
 * @param description one line for the template and the documentation
 */
record Key<T>(
        String section,
        String name,
        String variable,
        Reload reload,
        ValueType<T> type,
        T defaultValue,
        String description) {

    /** The prefix of every variable of this project. */
    static final String VARIABLE_PREFIX = "VOLTLANE_";

    // Words for special numbers: a time that never ends, no limit, the machine's own choice.
    static final String NEVER = "never";
    static final String UNLIMITED = "unlimited";
    static final String AUTO = "auto";

    static final long MIB = 1L << 20;

    /** The longest {@code peer_timeout_secs}. */
    static final long MAX_PEER_TIMEOUT_SECS = 3_600;

    /**
     * Compares sections and names, which tell keys apart. What the compiler would make of a record compares everything, by code
     * that every start would have to generate.
     */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Key<?> key && section.equals(key.section) && name.equals(key.name);
    }

    @Override
    public int hashCode() {
        return 31 * section.hashCode() + name.hashCode();
    }

    /** {@code section.name}, the form used in messages. */
    String path() {
        return section + "." + name;
    }
}
