package net.voltlane.server;

import io.netty.channel.ChannelFuture;

/** The step of a server from its first contact with the master to its listeners. Belongs to the session loop. */
final class Opening {
    private final ServerParts parts;

    Opening(ServerParts parts) {
        this.parts = parts;
    }

    /** Finds the room for clients, then opens all listeners. A failure may be told before this returns. */
    void begin(Listeners.Outcome outcome) {
        int connections;
        try {
            connections = parts.capacity.find(
                    parts.reloader.inEffect().limits().maxClients(), parts.reloader.maxStaleClients());
        } catch (StartException e) {
            outcome.failed(String.valueOf(e.getMessage()));
            return;
        }
        parts.edge.bound(connections);
        parts.listeners.open(this::bind, parts.sessionLoop, outcome);
    }

    private ChannelFuture bind(ListeningPort port) {
        ListeningSocket socket = parts.sockets.listening(port.address());
        return parts.edge.listen(
                parts.loops,
                socket.channels(),
                socket.address(),
                port.settings().transport());
    }
}
