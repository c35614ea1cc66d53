package net.voltlane.server.config;

import org.jspecify.annotations.Nullable;

/**
 * An address whose port is at least {@code minPort}.
 *
 * @param examplePort the port in the examples of messages
 * @param mayBeUnix true if the path of a Unix socket will do as well
 */
record HostAndPort(int minPort, int examplePort, boolean mayBeUnix) implements ValueType<Address> {

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
        return "host:port, such as 127.0.0.1:" + examplePort + " or [::1]:" + examplePort + ", the port from " + minPort
                + " to 65535"
                + (mayBeUnix ? "; or a Unix socket, such as unix:/run/voltlane.sock" : "");
    }
}
