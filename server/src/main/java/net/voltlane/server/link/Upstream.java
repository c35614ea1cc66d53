package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;

/** The master's side as client loops see it: the destination of what clients send. Called on the session loop. */
public interface Upstream extends LoopQueue.Receiver {
    /**
     * Takes whole firehose frames, {@code length} bytes from {@code index} on, to be sent in the order of the calls.
     * The buffer stays the caller's; what is kept beyond {@link #flush} is retained.
     */
    @Override
    void frames(ByteBuf buf, int index, int length);

    /**
     * True if the master acknowledges what clients send. Where not, a packet counts as taken over once it is queued for
     * the master. Never changes. Any thread.
     */
    boolean acknowledges();

    /** Ends a batch of frames: sends them, once for all batches of a tick. */
    void flush();
}
