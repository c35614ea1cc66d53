package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IovArray;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * System calls that write frames to a socket directly, past the channel's pipeline and outbound buffer. Netty's own way
 * costs an entry in the outbound buffer, a promise, two walks through the pipeline and a buffer of their own for the
 * bytes. With thousands of clients and a packet or two for each, those objects are never in the cache, and touching
 * them costs more than anything else that the server does. The channel must have nothing waiting. On the channel's
 * loop.
 */
final class DirectSocketWriter {
    /** An offer has at most 64 parts, of which each may be a header and a payload. */
    private static final int MOST_PARTS = 256;

    /** The addresses of a buffer's parts; one array for each loop. */
    private static final FastThreadLocal<IovArray> PARTS = new FastThreadLocal<>() {
        @Override
        protected IovArray initialValue() {
            return new IovArray(MOST_PARTS);
        }

        @Override
        protected void onRemoval(IovArray parts) {
            parts.release();
        }
    };

    private DirectSocketWriter() {}

    /** The socket to write to; null for other channels than epoll's, and where the transport has a codec. */
    static @Nullable Socket socketOf(@Nullable Channel channel, Transport transport) {
        return channel instanceof EpollSocketChannel epoll && transport.allowsDirectWrites()
                ? (Socket) epoll.fd()
                : null;
    }

    /**
     * Writes all of a buffer, wherever its parts lie, by one system call.
     *
     * @return how many bytes the socket took; 0 also where it is broken, which the channel finds out when it writes
     */
    static int write(Socket socket, ByteBuf buf) {
        if (buf.nioBufferCount() == 1) {
            return write(socket, buf, buf.readerIndex(), buf.readableBytes());
        }
        if (!socket.isOpen()) {
            return 0;
        }
        IovArray parts = PARTS.get();
        parts.clear();
        if (!parts.add(buf, buf.readerIndex(), buf.readableBytes())) {
            return 0; // more than a call takes
        }
        try {
            return (int) Math.max(0, socket.writevAddresses(parts.memoryAddress(0), parts.count()));
        } catch (IOException broken) {
            return 0;
        }
    }

    /**
     * Writes {@code length} bytes from {@code index} on, by one system call.
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
