package net.voltlane.server.link;

import io.netty.channel.Channel;

/**
 * The kernel's knowledge of the peer of a link. {@link #ask} comes first, the other methods tell its result. Belongs to
 * one loop, which asks about one channel after the other; nothing is allocated.
 */
public interface PeerProbe {
    /**
     * Asks the kernel, with a system call.
     *
     * @return false if the transport can't tell, or the channel is closed
     */
    boolean ask(Channel channel);

    /** True if something that was sent is not acknowledged, or can't be sent because the peer does not read. */
    boolean isOwing();

    /**
     * True if something was sent after the last acknowledgement: data, repeated data, or a probe for a window. With a
     * live peer that lasts for one round trip, with a vanished one for ever.
     */
    boolean isUnanswered();

    /** The time since the last acknowledgement. */
    long answeredNanosAgo();
}
