package net.voltlane.server.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An address to listen on, or an empty text for a listener that is off. */
final class AddressOrNone implements ValueType<Optional<Address>> {
    private final HostAndPort type;

    /**
     * @param examplePort the port in the examples of messages
     * @param mayBeUnix true if the path of a Unix socket will do as well
     */
    AddressOrNone(int examplePort, boolean mayBeUnix) {
        type = new HostAndPort(0, examplePort, mayBeUnix);
    }

    @Override
    @SuppressWarnings({"NullableOptional", "OptionalAssignedToNull"}) // null: the text is wrong, as for all types
    public @Nullable Optional<Address> ofText(String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        Address address = type.ofText(text);
        return address == null ? null : Optional.of(address);
    }

    @Override
    @SuppressWarnings({"NullableOptional", "OptionalAssignedToNull"})
    public @Nullable Optional<Address> ofToml(Object value) {
        return value instanceof String text ? ofText(text) : null;
    }

    @Override
    public Object plain(Optional<Address> value) {
        return value.map(type::plain).orElse("");
    }

    @Override
    public String expected() {
        return type.expected() + ", or \"\"";
    }
}
