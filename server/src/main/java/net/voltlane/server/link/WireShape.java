package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * The form of frames on the wire, for transports whose codec only puts other heads before them. Such frames need not pass
 * the pipeline. Immutable; called on the channel's loop.
 */
public interface WireShape {
    /** True while the channel takes frames past its pipeline: nothing waits before them. */
    boolean isClear(Channel channel);

    /** The length on the wire of a frame with this payload. */
    int shapedBytes(int length);

    /** Writes a whole frame, at {@code index} of a buffer, in its form on the wire. */
    void shape(ByteBuf frames, int index, ByteBuf to);

    /** The socket has taken so many bytes of a frame, which is the next that passes the pipeline. */
    void begun(Channel channel, int bytes);
}
