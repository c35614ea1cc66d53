package net.voltlane.server.link;

import io.netty.channel.Channel;

/**
 * What the kernel knows of the peer at the other end of a link: {@link #ask} first, then read. Belongs to one loop,
 * which asks of one channel after the other; nothing is allocated.
 */
public interface PeerProbe {
    /**
     * Asks now, which is a system call.
     *
     * @return false where the transport can't tell, or the channel is closed
     */
    boolean ask(Channel channel);

    /** Something that was sent is not acknowledged, or can't be sent because the peer does not read. */
    boolean isOwing();

    /**
     * Something (data, the same data once more, a question whether the peer has room again) was sent after the last
     * acknowledgement came. True for one round trip with a live peer; for ever with one that has vanished.
     */
    boolean isUnanswered();

    /** How long ago the last acknowledgement came. */
    long answeredNanosAgo();
}
