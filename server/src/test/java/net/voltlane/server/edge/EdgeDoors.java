package net.voltlane.server.edge;

import io.netty.channel.Channel;
import java.util.concurrent.ExecutorService;

/** What tests of other packages need of this one. */
public final class EdgeDoors {
    private EdgeDoors() {}

    /** A connection has been accepted. */
    public static void accept(ClientEdge edge, Channel channel) {
        edge.open.incrementAndGet();
        channel.closeFuture().addListener(f -> {
            if (edge.open.decrementAndGet() == 0) {
                edge.noneOpen();
            }
        });
        edge.accepted(channel, null);
    }

    /** @param executor one that rejects what it has no room for */
    public static ProofExecutor proofs(ExecutorService executor) {
        return new ProofExecutor(executor);
    }
}
