package net.voltlane.server.config;

import org.jspecify.annotations.Nullable;

/** A host name or an IP address as text, or an empty text for none. */
record OptionalName() implements ValueType<String> {

    @Override
    public @Nullable String ofText(String text) {
        return text.strip().matches("[A-Za-z0-9._:-]{0,253}") ? text.strip() : null;
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
        return "a host name or an IP address, or \"\"";
    }
}
