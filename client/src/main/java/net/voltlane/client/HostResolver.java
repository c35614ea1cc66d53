package net.voltlane.client;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/**
 * Looks up the addresses of a server's name; see {@link ClientBuilder#resolver}. Implement it to find servers in
 * another way than by the JDK's {@link InetAddress}, or without its cache.
 */
@FunctionalInterface
public interface HostResolver {

    /**
     * Looks a name up. Called before each dial by the thread that dials: first the one in
     * {@link ClientBuilder#connect()}, later the client's reader. One client makes one call at a time; clients that
     * share a resolver call it concurrently.
     *
     * @param host the host that the builder was given: a name, or an address in text form
     * @return all addresses, the preferred one first; IPv4 and IPv6 may be mixed. An empty list means that there is no
     *     such host
     * @throws IOException if the look-up fails; it counts as {@link CloseReason#UNREACHABLE} and is tried again
     */
    List<InetAddress> resolve(String host) throws IOException;
}
