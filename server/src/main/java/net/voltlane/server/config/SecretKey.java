package net.voltlane.server.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A secret key of 64 hexadecimal digits, or an empty text for none. Never shown, not even where it is wrong. */
record SecretKey() implements ValueType<Secret> {

    @Override
    public @Nullable Secret ofText(String text) {
        String key = text.strip().toLowerCase(Locale.ROOT);
        return key.isEmpty() || key.matches("[0-9a-f]{64}") ? new Secret(key) : null;
    }

    @Override
    public @Nullable Secret ofToml(Object value) {
        return value instanceof String text ? ofText(text) : null;
    }

    @Override
    public String culprit(Object value) {
        return Secret.HIDDEN;
    }

    @Override
    public String culpritOfText(String text) {
        return Secret.HIDDEN;
    }

    @Override
    public Object plain(Secret value) {
        return value.shown();
    }

    @Override
    public String expected() {
        return "64 hexadecimal digits, as in a key file, or \"\"";
    }
}
