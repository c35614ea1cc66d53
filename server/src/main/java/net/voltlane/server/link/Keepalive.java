package net.voltlane.server.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringSocketChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/**
 * The kernel's own probes of a quiet peer: when they begin, and when the kernel gives the peer up. They find peers that
 * vanished while nothing was under way to them. Phones sleep, so a quiet peer is probed less often than {@link
 * DeadPeerDetector} looks at a peer that owes an acknowledgement.
 *
 * @param idleSecs seconds of silence before the first probe; 0: the machine's own settings stay
 * @param intervalSecs seconds between two probes
 * @param probes unanswered probes after which the kernel gives up
 */
public record Keepalive(int idleSecs, int intervalSecs, int probes) {
    /** The longest interval that Linux takes. */
    private static final long MOST_SECS = 32_767;

    private static final int ETIMEDOUT = 110;

    private static final Keepalive OF_THE_MACHINE = new Keepalive(0, 0, 0);

    /**
     * The settings that find a vanished quiet peer four and a half times {@code peerTimeoutNanos} after it was last
     * heard of, give or take a second's rounding. Where peers have no timeout (0) the machine's own settings stay.
     */
    public static Keepalive of(long peerTimeoutNanos) {
        if (peerTimeoutNanos == 0) {
            return OF_THE_MACHINE;
        }
        long secs = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(peerTimeoutNanos));
        return new Keepalive((int) Math.min(MOST_SECS, 3 * secs), (int) Math.min(MOST_SECS, Math.max(1, secs / 2)), 3);
    }

    /**
     * Sets this on a channel that has keepalive on. Does nothing where the transport or the machine has no such
     * settings. On the channel's loop.
     */
    public void apply(Channel channel) {
        if (idleSecs == 0) {
            return;
        }
        if (channel instanceof EpollSocketChannel) {
            set(
                    channel,
                    EpollChannelOption.TCP_KEEPIDLE,
                    EpollChannelOption.TCP_KEEPINTVL,
                    EpollChannelOption.TCP_KEEPCNT);
        } else if (channel instanceof IoUringSocketChannel) {
            set(
                    channel,
                    IoUringChannelOption.TCP_KEEPIDLE,
                    IoUringChannelOption.TCP_KEEPINTVL,
                    IoUringChannelOption.TCP_KEEPCNT);
        } else if (channel instanceof NioSocketChannel) {
            set(
                    channel,
                    NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE),
                    NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                    NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT));
        }
    }

    private void set(
            Channel channel,
            ChannelOption<Integer> idle,
            ChannelOption<Integer> interval,
            ChannelOption<Integer> count) {
        try {
            channel.config().setOption(idle, idleSecs);
            channel.config().setOption(interval, intervalSecs);
            channel.config().setOption(count, probes);
        } catch (ChannelException gone) {
            // The socket is closed: its first read will say so.
        }
    }

    /** Returns true if a link broke because the kernel gave up on its peer. */
    public static boolean gaveUp(Throwable cause) {
        return cause instanceof NativeIoException broken
                ? broken.expectedErr() == -ETIMEDOUT
                : cause instanceof IOException && "Connection timed out".equals(cause.getMessage());
    }
}
