package net.voltlane.server.config;

/**
 * A setting of a loaded configuration. No setting is a secret: of the server's key and of the token only the files'
 * names are here. Immutable.
 *
 * @param key {@code section.name}
 * @param value as it may be written in the file: a {@link Long}, a {@link Boolean}, a {@link String}, or a list of
 *     strings. A bound that is never reached is its word, such as {@code unlimited}
 * @param origin where the value comes from: {@code default}, a line of a file such as {@code connserver.toml:3}, a
 *     variable, or a flag
 * @param defaultValue the value that holds if no source sets the key, in the same form
 * @param reload when a changed value takes effect in a running server
 * @param description its meaning, in a sentence or two
 */
public record Setting(String key, Object value, String origin, Object defaultValue, Reload reload, String description) {

    /** The TOML table that the key belongs to. */
    String section() {
        return key.substring(0, key.indexOf('.'));
    }

    /** The line that sets it in a file, with the origin as a comment. */
    String line() {
        String line = key.substring(key.indexOf('.') + 1) + " = " + TomlText.value(value);
        return String.format("%-46s # %s%n", line, origin);
    }
}
