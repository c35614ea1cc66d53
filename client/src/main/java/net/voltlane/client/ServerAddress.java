package net.voltlane.client;

import net.voltlane.tcp.unix.UnixSocketFile;

/**
 * The address of a server. The name is looked up before each dial, as its addresses may have changed.
 *
 * <pre>
 *  host:port   tcp://host:port   tls://host:port   ws://host[:port][/path]   wss://host[:port][/path]
 *  unix:/path
 * </pre>
 *
 * @param scheme the transport
 * @param host a name, an IPv4 address, or an IPv6 address without brackets; of a Unix socket the absolute path of its
 *     file
 * @param port 1 to 65535; 0 for a Unix socket
 * @param path of a WebSocket, begins with a slash; empty for other transports
 */
record ServerAddress(Scheme scheme, String host, int port, String path) {

    private static final int MAX_PORT = 65_535;
    private static final String AFTER_SCHEME = "://";
    private static final String UNIX = "unix:";

    ServerAddress {
        if (scheme == Scheme.UNIX) {
            checkFile(host);
        } else {
            checkHost(host, port);
        }
        if (path.chars().anyMatch(c -> c <= ' ' || c > '~' || c == '#')) {
            throw new IllegalArgumentException(
                    "path: \"" + path + "\" (expected: ASCII without spaces, such as /chat; write others as %20)");
        }
    }

    private static void checkFile(String file) {
        if (!UnixSocketFile.isPath(file, UnixSocketFile.MAX_CONNECTED_BYTES)) {
            throw new IllegalArgumentException(
                    "server: \"" + UNIX + file + "\" (expected: unix: and an absolute path of at most "
                            + UnixSocketFile.MAX_CONNECTED_BYTES + " bytes, such as unix:/run/voltlane.sock)");
        }
    }

    private static void checkHost(String host, int port) {
        if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || "[]/@".indexOf(c) >= 0)) {
            throw new IllegalArgumentException("host: \"" + host + "\" (expected: a name or an address)");
        }
        try {
            ServerNames.ascii(host);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "host: \"" + host + "\" (expected: a name of parts of at most 63 bytes each)", e);
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to " + MAX_PORT + ")");
        }
    }

    /** Creates an address for plain TCP. */
    ServerAddress(String host, int port) {
        this(Scheme.TCP, host, port, "");
    }

    /**
     * Parses an address. The port follows the last colon; an IPv6 address may stand in brackets, and must where the port
     * is left out.
     */
    static ServerAddress parse(String text) {
        if (text.startsWith(UNIX)) {
            return new ServerAddress(Scheme.UNIX, text.substring(UNIX.length()), 0, "");
        }
        int at = text.indexOf(AFTER_SCHEME);
        if (at < 0) {
            return parse(Scheme.TCP, text, "", text);
        }
        Scheme scheme = Scheme.of(text.substring(0, at));
        if (scheme == null) {
            throw notAnAddress(text);
        }
        String rest = text.substring(at + AFTER_SCHEME.length());
        int slash = scheme.isWebSocket() ? firstOf(rest, '/', '?') : -1;
        String path = slash < 0 ? "" : rest.substring(slash);
        if (scheme.isWebSocket() && !path.startsWith("/")) {
            path = "/" + path;
        }
        return parse(scheme, slash < 0 ? rest : rest.substring(0, slash), path, text);
    }

    private static ServerAddress parse(Scheme scheme, String authority, String path, String text) {
        int colon = authority.lastIndexOf(':');
        if (colon < 0 || authority.endsWith("]")) {
            if (scheme.defaultPort() == 0) {
                throw notAnAddress(text);
            }
            return new ServerAddress(scheme, withoutBrackets(authority), scheme.defaultPort(), path);
        }
        try {
            int port = Integer.parseInt(authority.substring(colon + 1));
            return new ServerAddress(scheme, withoutBrackets(authority.substring(0, colon)), port, path);
        } catch (NumberFormatException e) {
            throw notAnAddress(text);
        }
    }

    private static int firstOf(String text, char one, char other) {
        int first = text.indexOf(one);
        int second = text.indexOf(other);
        return first < 0 || second >= 0 && second < first ? second : first;
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException("server: \"" + text
                + "\" (expected: host:port, tls://host:port, ws://host/path, wss://host/path or unix:/path, such as"
                + " example.com:42000 or [::1]:42000)");
    }

    /** Returns host and port as HTTP names them: in ASCII, the port only where it is not the scheme's own. */
    String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : ServerNames.ascii(host);
        return port == scheme.defaultPort() ? name : name + ":" + port;
    }

    @Override
    public String toString() {
        if (scheme == Scheme.UNIX) {
            return UNIX + host;
        }
        String rest = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port + path;
        return scheme == Scheme.TCP ? rest : scheme.text() + AFTER_SCHEME + rest;
    }
}
