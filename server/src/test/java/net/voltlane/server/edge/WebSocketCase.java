package net.voltlane.server.edge;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.voltlane.server.link.TcpTransport;
import net.voltlane.server.websocket.WebSocketSettings;
import net.voltlane.server.websocket.WebSocketTransport;
import net.voltlane.testkit.websocket.ServerBytes;

/** Clients on a listener for WebSocket. */
abstract class WebSocketCase {
    private static final WebSocketSettings SETTINGS =
            new WebSocketSettings("/", Set.of(), List.of("voltlane.2", "voltlane.3"));

    EdgeHarness harness = new EdgeHarness();

    /** From now on clients come over WebSocket. */
    final void listenOnWebSocket() {
        harness.transport = WebSocketTransport.overTcp(SETTINGS, harness.budget);
    }

    /** From now on clients come over plain TCP. */
    final void listenOnTcp() {
        harness.transport = TcpTransport.INSTANCE;
    }

    static ServerBytes came(EdgeClient client) {
        client.data();
        return ((WebSocketClient) Objects.requireNonNull(client.records)).came;
    }

    static ServerBytes came(EdgeClient3 client) {
        return ((WebSocketClient) Objects.requireNonNull(client.wire)).came;
    }
}
