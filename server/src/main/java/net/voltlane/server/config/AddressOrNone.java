package net.voltlane.server.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An address to listen on, or an empty text for a listener that is off. */
record AddressOrNone() implements ValueType<Optional<Address>> {
    private static final HostAndPort ADDRESS = new HostAndPort(0);

    @Override
    @SuppressWarnings("OptionalAssignedToNull") // null says that the text is wrong, as for all types
    public @Nullable Optional<Address> ofText(String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        Address address = ADDRESS.ofText(text);
        return address == null ? null : Optional.of(address);
    }

    @Override
    @SuppressWarnings("OptionalAssignedToNull")
    public @Nullable Optional<Address> ofToml(Object value) {
        return value instanceof String text ? ofText(text) : null;
    }

    @Override
    public Object plain(Optional<Address> value) {
        return value.map(ADDRESS::plain).orElse("");
    }

    @Override
    public String expected() {
        return ADDRESS.expected() + ", or \"\"";
    }
}
