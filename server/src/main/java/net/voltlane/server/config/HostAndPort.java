package net.voltlane.server.config;

import org.jspecify.annotations.Nullable;

/**
 * An address whose port is at least {@code minPort}.
 *
 * @param mayBeUnix true if the path of a Unix socket will do as well
 */
record HostAndPort(int minPort, boolean mayBeUnix) implements ValueType<Address> {
    HostAndPort(int minPort) {
        this(minPort, false);
    }

    @Override
    public @Nullable Address ofText(String text) {
        try {
            Address address = Address.parse(text.strip());
            return (address.isUnix() ? mayBeUnix : address.port() >= minPort) ? address : null;
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }

    @Override
    public @Nullable Address ofToml(Object value) {
        return value instanceof String text ? ofText(text) : null;
    }

    @Override
    public Object plain(Address value) {
        return value.toString();
    }

    @Override
    public String expected() {
        return "host:port, such as 127.0.0.1:42000 or [::1]:42000, the port from " + minPort + " to 65535"
                + (mayBeUnix ? "; or a Unix socket, such as unix:/run/voltlane.sock" : "");
    }
}
