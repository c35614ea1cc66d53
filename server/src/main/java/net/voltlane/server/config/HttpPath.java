package net.voltlane.server.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The path of a URL, as it stands in an HTTP request: {@code /} and what follows, without a query. */
record HttpPath() implements ValueType<String> {
    private static final int MAX_LENGTH = 1024;
    /** RFC 3986, section 3.3. */
    private static final Pattern PATH = Pattern.compile("/([A-Za-z0-9/._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*");

    @Override
    public @Nullable String ofText(String text) {
        return text.length() <= MAX_LENGTH && PATH.matcher(text).matches() ? text : null;
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
        return "a path that begins with /, such as /socket, without a query";
    }
}
