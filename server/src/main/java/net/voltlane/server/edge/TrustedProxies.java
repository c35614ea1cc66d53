package net.voltlane.server.edge;

import java.net.InetAddress;
import java.util.function.Predicate;

/**
 * The addresses that may speak for clients.
 *
 * @param addresses accepts the proxies' addresses
 * @param sendHeaders true: each connection comes from a proxy, and begins with a PROXY header
 */
public record TrustedProxies(Predicate<InetAddress> addresses, boolean sendHeaders) {
    /** Connections come from the clients themselves. */
    public static final TrustedProxies NONE = new TrustedProxies(address -> false, false);
}
