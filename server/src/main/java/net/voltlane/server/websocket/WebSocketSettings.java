package net.voltlane.server.websocket;

import java.util.List;
import java.util.Set;

/**
 * The settings of a WebSocket listener.
 *
 * @param path the path of the upgrade; all others are not found
 * @param origins the pages from which browsers may connect, as browsers send them; empty: all pages
 * @param subprotocols the subprotocols that are served, such as {@code voltlane.3}
 */
public record WebSocketSettings(String path, Set<String> origins, List<String> subprotocols) {
    /** The name of a subprotocol up to the number of its protocol version. */
    public static final String SUBPROTOCOL_PREFIX = "voltlane.";

    /** A copy of the lists is kept. */
    public WebSocketSettings {
        origins = Set.copyOf(origins);
        subprotocols = List.copyOf(subprotocols);
    }
}
