package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;

/** Where clients' data goes to: the master's side as the edge sees it. Called on the session loop. */
public interface Upstream {
    /** Takes whole firehose frames over, to be sent in the order of the calls. */
    void frames(ByteBuf frames);

    /** A batch of frames is complete. */
    void flush();

    /** A loop that the firehose had to wait for has caught up. */
    void roomForClients();
}
