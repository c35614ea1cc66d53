package net.voltlane.server.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The permissions of a file, as three octal digits. A text even in TOML, whose plain numbers are decimal. */
record FileMode() implements ValueType<Long> {
    private static final int OCTAL = 8;

    @Override
    public @Nullable Long ofText(String text) {
        return text.strip().matches("0?[0-7]{3}") ? Long.valueOf(text.strip(), OCTAL) : null;
    }

    @Override
    public @Nullable Long ofToml(Object value) {
        return value instanceof String text ? ofText(text) : null;
    }

    @Override
    public Object plain(Long value) {
        return String.format(Locale.ROOT, "%03o", value);
    }

    @Override
    public String expected() {
        return "three octal digits in quotes, such as \"660\"";
    }
}
