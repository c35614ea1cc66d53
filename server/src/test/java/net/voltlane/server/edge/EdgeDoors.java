package net.voltlane.server.edge;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.ExecutorService;
import net.voltlane.server.link.PeerProbe;
import net.voltlane.server.link.TcpTransport;
import net.voltlane.server.session.Sessions;

/** Access to this package for tests of other packages. */
public final class EdgeDoors {
    private EdgeDoors() {}

    /** A connection has been accepted. */
    public static void accept(ClientEdge edge, Channel channel) {
        edge.connections.add(channel);
        edge.accepted(channel, TcpTransport.INSTANCE);
    }

    /** Clients' side of a server whose sockets' peers are known by {@code probe}. */
    public static ClientEdge edge(
            EventLoopGroup group,
            EdgeSettings settings,
            ClientEdge.Dependencies dependencies,
            ExecutorService executor,
            Sessions sessions,
            ServerIdentity identity,
            PeerProbe probe) {
        return new ClientEdge(
                group, settings, dependencies, new ProofExecutor(executor), sessions, identity, () -> probe);
    }

    /** @param executor one that rejects what it has no room for */
    public static ProofExecutor proofs(ExecutorService executor) {
        return new ProofExecutor(executor);
    }
}
