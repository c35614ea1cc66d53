package net.voltlane.server.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A value that is true or false. */
record TrueOrFalse() implements ValueType<Boolean> {

    @Override
    public @Nullable Boolean ofText(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> null;
        };
    }

    @Override
    public @Nullable Boolean ofToml(Object value) {
        return value instanceof Boolean yes ? yes : null;
    }

    @Override
    public Object plain(Boolean value) {
        return value;
    }

    @Override
    public String expected() {
        return "true or false";
    }
}
