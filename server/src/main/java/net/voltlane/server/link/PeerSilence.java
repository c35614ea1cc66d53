package net.voltlane.server.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.channel.uring.IoUringTcpInfo;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time since a peer last sent something, as the kernel knows it. The server itself notes no time when it reads. One
 * system call, and some garbage: for operators, not for every packet.
 */
public final class PeerSilence {
    private PeerSilence() {}

    /** The time since the last data of the channel's peer. Null if the transport can't tell, or the channel is closed. */
    public static @Nullable Duration of(Channel channel) {
        if (!channel.isOpen()) {
            return null; // its descriptor may already be that of another connection
        }
        try {
            if (channel instanceof EpollSocketChannel socket) {
                EpollTcpInfo info = new EpollTcpInfo();
                socket.tcpInfo(info);
                return Duration.ofMillis(info.lastDataRecv());
            }
            if (channel instanceof IoUringSocketChannel socket) {
                IoUringTcpInfo info = new IoUringTcpInfo();
                socket.tcpInfo(info);
                return Duration.ofMillis(info.lastDataRecv());
            }
            return null;
        } catch (ChannelException closed) {
            return null;
        }
    }
}
