package net.voltlane.server.websocket;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import net.voltlane.server.address.AddressText;
import net.voltlane.server.link.Layer;
import org.jspecify.annotations.Nullable;

/**
 * The client's address by the fields {@code Forwarded} (RFC 7239) and {@code X-Forwarded-For}. Each proxy on the way
 * appends the address that its own connection came from, so the entries count from the right: those of trusted proxies
 * are passed over, and the first other one is the client. What stands further left is the client's own word, and counts
 * for nothing.
 */
final class Forwarding {
    private static final String FORWARDED = "forwarded";
    private static final String X_FORWARDED_FOR = "x-forwarded-for";

    private Forwarding() {}

    /**
     * Returns the client's address: that of the proxy itself if it names none. Null if {@code Forwarded} is malformed, or
     * if both fields are there and name different clients: a proxy that sets one of them may pass on the other as the
     * client wrote it.
     */
    static @Nullable InetAddress client(RequestHead head, Layer.Naming naming) {
        List<String> forwarded = new ArrayList<>();
        for (String line : head.values(FORWARDED)) {
            if (!addElements(line, forwarded)) {
                return null;
            }
        }
        List<String> xForwardedFor = new ArrayList<>();
        for (String line : head.values(X_FORWARDED_FOR)) {
            xForwardedFor.addAll(Arrays.asList(line.split(",", -1)));
        }
        if (forwarded.isEmpty()) {
            return nearest(xForwardedFor, Forwarding::node, naming);
        }
        InetAddress client = nearest(forwarded, Forwarding::forwardedFor, naming);
        boolean agrees = xForwardedFor.isEmpty() || client.equals(nearest(xForwardedFor, Forwarding::node, naming));
        return agrees ? client : null;
    }

    /** Reads the entries from the right, and none behind the client: a long list is cheap. */
    private static InetAddress nearest(
            List<String> entries, Function<String, @Nullable InetAddress> reading, Layer.Naming naming) {
        InetAddress client = naming.proxy();
        for (int i = entries.size() - 1; i >= 0; i--) {
            InetAddress entry = reading.apply(entries.get(i).strip());
            if (entry == null) {
                return client;
            }
            client = entry;
            if (!naming.trusts(entry)) {
                return client;
            }
        }
        return client;
    }

    /** Adds the elements of one line. Returns false if its quotes do not match: no element is sure then. */
    private static boolean addElements(String line, List<String> elements) {
        int begin = 0;
        boolean isQuoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && isQuoted) {
                return false; // no address needs it
            }
            isQuoted ^= c == '"';
            if (c == ',' && !isQuoted) {
                elements.add(line.substring(begin, i));
                begin = i + 1;
            }
        }
        elements.add(line.substring(begin));
        return !isQuoted;
    }

    /** The address behind {@code for=} in an element; null if there is none. */
    private static @Nullable InetAddress forwardedFor(String element) {
        for (String pair : element.split(";", -1)) {
            String text = pair.strip();
            if (text.regionMatches(true, 0, "for=", 0, 4)) {
                String value = text.substring(4);
                boolean isQuoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
                return node(isQuoted ? value.substring(1, value.length() - 1) : value);
            }
        }
        return null;
    }

    /** The address of {@code 192.0.2.1}, {@code 192.0.2.1:4711}, {@code 2001:db8::1} or {@code [2001:db8::1]:4711}. */
    private static @Nullable InetAddress node(String text) {
        int bracket = text.indexOf(']');
        if (text.startsWith("[") && bracket > 0) {
            return isPortOrNothing(text.substring(bracket + 1))
                    ? address(AddressText.v6(text.substring(1, bracket)))
                    : null;
        }
        int colon = text.indexOf(':');
        if (colon >= 0 && colon != text.lastIndexOf(':')) {
            return address(AddressText.v6(text));
        }
        String host = colon < 0 ? text : text.substring(0, colon);
        return colon < 0 || isPortOrNothing(text.substring(colon)) ? address(AddressText.v4(host)) : null;
    }

    private static boolean isPortOrNothing(String text) {
        return text.matches("(:[0-9]{1,5})?");
    }

    private static @Nullable InetAddress address(byte @Nullable [] bytes) {
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }
}
