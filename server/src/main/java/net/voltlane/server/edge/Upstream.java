package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;

/** Where clients' data goes to: the master's side as the edge sees it. Called on the session loop. */
public interface Upstream {
    /**
     * Takes whole firehose frames, {@code length} bytes from {@code index} on, to be sent in the order of the calls.
     * The buffer stays the caller's; what is kept beyond {@link #flush} is retained.
     */
    void frames(ByteBuf buf, int index, int length);

    /** A batch of frames is complete. */
    void flush();

    /** A loop that the firehose had to wait for has caught up. */
    void roomForClients();
}
