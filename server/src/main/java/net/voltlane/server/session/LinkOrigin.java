package net.voltlane.server.session;

import java.util.Map;

/**
 * The two ends of a client link, for the master.
 *
 * @param remote the client's address and port, as {@code 192.0.2.1:4711} or {@code [2001:db8::1]:4711}; the port is 0
 *     where only a proxy knows it
 * @param local the address and port at which the link was accepted
 * @param transport the name of the listener's transport, such as {@code tcp}
 * @param attributes what the transport knows of the client besides, such as its certificate; names and texts
 */
public record LinkOrigin(String remote, String local, String transport, Map<String, String> attributes) {
    /** An origin of which the transport knows nothing besides. */
    public LinkOrigin(String remote, String local, String transport) {
        this(remote, local, transport, Map.of());
    }
}
