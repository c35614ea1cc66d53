package net.voltlane.client;

/**
 * Where a server is. The name is looked up at each dial, as it may mean another machine by then.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65535
 */
record ServerAddress(String host, int port) {

    private static final int MAX_PORT = 65_535;

    ServerAddress {
        if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || "[]/@".indexOf(c) >= 0)) {
            throw new IllegalArgumentException("host: \"" + host + "\" (expected: a name or an address)");
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to " + MAX_PORT + ")");
        }
    }

    /** Reads {@code host:port}; an IPv6 address may come with or without brackets, the last colon parts the port. */
    static ServerAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw notAnAddress(text);
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return new ServerAddress(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw notAnAddress(text);
        }
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException(
                "server: \"" + text + "\" (expected: host:port, such as example.com:42000 or [::1]:42000)");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
