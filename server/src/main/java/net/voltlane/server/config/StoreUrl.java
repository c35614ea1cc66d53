package net.voltlane.server.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The address of a store as a URL, in which a password is not shown. What the URL means is for the store to say. */
record StoreUrl() implements ValueType<Secret> {
    private static final Pattern URL = Pattern.compile("[a-z][a-z0-9+-]*://\\S+");
    /** All up to the last @, since a password may hold any sign. */
    private static final Pattern USER = Pattern.compile("(?<=://).*@");

    @Override
    public @Nullable Secret ofText(String text) {
        String url = text.strip();
        return URL.matcher(url).matches() ? new Secret(url) : null;
    }

    @Override
    public @Nullable Secret ofToml(Object value) {
        return value instanceof String text ? ofText(text) : null;
    }

    @Override
    public String culprit(Object value) {
        return value instanceof String text ? culpritOfText(text) : Secret.HIDDEN;
    }

    @Override
    public String culpritOfText(String text) {
        return text.indexOf('@') < 0 ? TomlText.shown(text) : Secret.HIDDEN;
    }

    @Override
    public Object plain(Secret value) {
        return withoutPassword(value.text());
    }

    static String withoutPassword(String url) {
        return USER.matcher(url).replaceFirst(Secret.HIDDEN + "@");
    }

    @Override
    public String expected() {
        return "a URL, such as redis://127.0.0.1:6379 or rediss://user:password@redis.example.com:6380/0";
    }
}
