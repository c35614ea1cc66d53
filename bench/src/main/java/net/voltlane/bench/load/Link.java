package net.voltlane.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.Arrays;
import net.voltlane.protocol.SystemWords;

/**
 * A connection of a client: cuts the input into frames. It works on the loop's array, where looking at bytes is
 * cheapest; only an unfinished frame is kept. Belongs to its loop.
 */
final class Link extends ChannelInboundHandlerAdapter {

    private static final byte[] NOTHING = {};

    private final Client client;
    private final LoadLoop loop;
    private final DuplexChannel channel;
    private final Framing framing;

    /** The start of a frame that has not come whole. */
    private byte[] unfinished = NOTHING;

    private int unfinishedBytes;
    private boolean dropped;
    private boolean leaving;
    private String trouble = "the server closed the link";

    Link(Client client, LoadLoop loop, DuplexChannel channel) {
        this.client = client;
        this.loop = loop;
        this.channel = channel;
        this.framing = loop.opening().framing();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    /** Stops reading, or reads again. */
    void reads(boolean on) {
        channel.config().setAutoRead(on);
    }

    /** Sends bytes of {@code from}, which may be used again at once. */
    void send(byte[] from, int length) {
        channel.writeAndFlush(framing.out(channel.alloc(), from, length), channel.voidPromise());
    }

    /** Ends it with a reset, as a cut cable would seem to; a plain close would keep the port for a minute. */
    void cut() {
        if (!dropped) {
            dropped = true;
            if (channel.isOpen()) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0); // a Unix socket has none
                // Below the layers, which would say goodbye.
                channel.pipeline().firstContext().close();
            }
        }
    }

    /** Ends TLS and the output in good order. The client hears of it once the server has closed. */
    void leave() {
        leaving = true;
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound().addListener(closed -> channel.shutdownOutput());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        int length = in.readableBytes();
        byte[] bytes = loop.readArray(length);
        in.readBytes(bytes, 0, length);
        in.release();
        if (!dropped) {
            cutFrames(bytes, length, System.nanoTime());
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!dropped && channel.isWritable()) {
            client.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!dropped) {
            dropped = true;
            if (leaving) {
                client.left(this);
            } else {
                client.lost(this, trouble);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        trouble = "the link failed: " + SystemWords.of(cause);
        channel.close();
    }

    private void cutFrames(byte[] bytes, int length, long nowNanos) {
        int at = unfinishedBytes == 0 ? 0 : finish(bytes, length, nowNanos);
        while (!dropped) {
            int head = framing.head(bytes, at, length - at);
            if (head == 0) {
                break;
            }
            int size = framing.size(bytes, at);
            if (isTooLarge(size)) {
                return;
            }
            if (length - at - head < size) {
                break;
            }
            frame(bytes, at, head, size, nowNanos);
            at += head + size;
        }
        if (!dropped) {
            keep(bytes, at, length - at);
            client.readComplete(nowNanos);
        }
    }

    /** Gives the unfinished frame what it lacks, and says where the rest starts. */
    private int finish(byte[] bytes, int length, long nowNanos) {
        int at = 0;
        int head = framing.head(unfinished, 0, unfinishedBytes);
        while (head == 0 && at < length) {
            keep(bytes, at++, 1);
            head = framing.head(unfinished, 0, unfinishedBytes);
        }
        if (head == 0) {
            return at;
        }
        int size = framing.size(unfinished, 0);
        if (isTooLarge(size)) {
            return length;
        }
        int more = Math.min(head + size - unfinishedBytes, length - at);
        keep(bytes, at, more);
        if (unfinishedBytes == head + size) {
            unfinishedBytes = 0;
            frame(unfinished, 0, head, size, nowNanos);
        }
        return at + more;
    }

    private void frame(byte[] bytes, int at, int head, int size, long nowNanos) {
        if (framing.isData(bytes, at)) {
            client.frame(this, bytes, at + head, size, nowNanos);
            return;
        }
        String end = framing.control(channel, bytes, at + head, size, bytes[at]);
        if (end != null) {
            trouble = end;
            channel.close();
        }
    }

    private void keep(byte[] bytes, int at, int length) {
        if (length > 0) {
            int whole = unfinishedBytes + length;
            if (unfinished.length < whole) {
                unfinished = Arrays.copyOf(unfinished, Math.max(whole, 2 * unfinished.length));
            }
            System.arraycopy(bytes, at, unfinished, unfinishedBytes, length);
            unfinishedBytes = whole;
        }
    }

    private boolean isTooLarge(int size) {
        if (size >= 0 && size <= client.maxFrameBytes()) {
            return false;
        }
        cut();
        client.lost(this, "a frame of " + Integer.toUnsignedString(size) + " bytes came");
        return true;
    }
}
