package net.voltlane.backend;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** A parser of {@code host:port}, with an IPv6 address in brackets. */
final class ListenAddress {
    private static final int MAX_PORT = 65_535;

    private ListenAddress() {}

    /**
     * Parses an address and resolves its host.
     *
     * @throws IllegalArgumentException if the text is not of that form
     * @throws UnknownHostException if there is no such host
     */
    static InetSocketAddress parse(String text) throws UnknownHostException {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        // An empty host means "any" in some programs and "loopback" in others, so it is not accepted.
        if (host.isEmpty() || bracketed != (host.indexOf(':') >= 0)) {
            throw wrong(text);
        }
        return new InetSocketAddress(InetAddress.getByName(host), port(text, colon));
    }

    private static int port(String text, int colon) {
        String digits = text.substring(colon + 1);
        boolean plain =
                !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = plain ? Integer.parseInt(digits) : -1;
        if (port < 0 || port > MAX_PORT) {
            throw wrong(text);
        }
        return port;
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "'" + text + "' (expected: host:port, such as 127.0.0.1:42001 or [::1]:42001)");
    }
}
