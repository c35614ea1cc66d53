package net.voltlane.server.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A name of letters, digits and a few signs.
 *
 * @param maxLength the largest number of characters
 * @param mayBeEmpty true if an empty text stands for no name
 */
record Words(int maxLength, boolean mayBeEmpty) implements ValueType<String> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:/-]*");

    @Override
    public @Nullable String ofText(String text) {
        String name = text.strip();
        boolean fits = name.length() <= maxLength && (mayBeEmpty || !name.isEmpty());
        return fits && NAME.matcher(name).matches() ? name : null;
    }

    @Override
    public @Nullable String ofToml(Object value) {
        return value instanceof String text ? ofText(text) : null;
    }

    @Override
    public Object plain(String value) {
        return value;
    }

    @Override
    public String expected() {
        return "up to " + maxLength + " letters, digits and . _ : / -" + (mayBeEmpty ? ", or \"\"" : "");
    }
}
