package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The short way to the kernel, for frames that a socket most likely takes at once. Netty's own way costs an entry in its
 * outbound buffer, a promise, two walks through the pipeline and a buffer of their own for the bytes; with thousands of
 * clients and a packet or two for each, those objects are never in the cache, and touching them costs more than anything
 * else that the server does. The channel must have nothing waiting. On the channel's loop.
 */
final class StraightWrite {
    private StraightWrite() {}

    /** The socket to write to; null where the transport has no such way (nio, io_uring). */
    static @Nullable Socket socketOf(@Nullable Channel channel) {
        return channel instanceof EpollSocketChannel epoll ? (Socket) epoll.fd() : null;
    }

    /**
     * One system call.
     *
     * @return how many bytes the socket took; 0 also where it is broken, which the channel finds out when it writes
     */
    static int write(Socket socket, ByteBuf buf, int index, int length) {
        // A closed descriptor's number may be another client's by now.
        if (!socket.isOpen() || !buf.hasMemoryAddress()) {
            return 0;
        }
        try {
            return Math.max(0, socket.sendAddress(buf.memoryAddress(), index, index + length));
        } catch (IOException broken) {
            return 0;
        }
    }
}
