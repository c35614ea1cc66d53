package net.voltlane.client;

/**
 * The address of a server. The name is looked up before each dial, as its addresses may have changed.
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

    /** Parses {@code host:port}. The port follows the last colon; an IPv6 address may stand in brackets. */
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
