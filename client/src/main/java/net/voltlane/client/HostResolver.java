package net.voltlane.client;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/**
 * Looks up the addresses of a server's name; see {@link ClientBuilder#resolver}. For programs that find their servers
 * in another way than by the JDK's {@link InetAddress}, or can't live with its cache.
 */
@FunctionalInterface
public interface HostResolver {

    /**
     * Looks a name up. Called at each dial, by the thread that dials: the one in {@link ClientBuilder#connect()}, later
     * the client's reader. A client of several is not dialled by two threads at once, but different clients that share
     * a resolver call it side by side.
     *
     * @param host the host that the builder was given: a name, or an address in text form
     * @return all addresses, the preferred one first; both families may be mixed. None means that there is no such host
     * @throws IOException if the look-up fails; counts as {@link CloseReason#UNREACHABLE}, so it is tried again
     */
    List<InetAddress> resolve(String host) throws IOException;
}
