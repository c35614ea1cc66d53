package net.voltlane.server.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An address to listen on, or an empty text for none. The address is not required. */
record OptionalAddress() implements ValueType<AdminAddress> {
    private static final HostAndPort ADDRESS = new HostAndPort(0, 42002, false);

    @Override
    public @Nullable AdminAddress ofText(String text) {
        if (text.isBlank()) {
            return new AdminAddress(Optional.empty(), false);
        }
        Address address = ADDRESS.ofText(text);
        return address == null ? null : new AdminAddress(Optional.of(address), false);
    }

    @Override
    public @Nullable AdminAddress ofToml(Object value) {
        return value instanceof String text ? ofText(text) : null;
    }

    @Override
    public Object plain(AdminAddress value) {
        return value.address().map(ADDRESS::plain).orElse("");
    }

    @Override
    public String expected() {
        return ADDRESS.expected() + ", or \"\"";
    }
}
