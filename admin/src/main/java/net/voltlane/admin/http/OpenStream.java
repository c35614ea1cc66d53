package net.voltlane.admin.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;

/** The body of a streamed answer on a connection. Thread-safe; its fields belong to the HTTP server's thread. */
final class OpenStream implements ResponseStream {
    private final ChannelHandlerContext ctx;
    private final HttpContext context;
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean isClosed;
    private long waitingBytes;

    OpenStream(ChannelHandlerContext ctx, HttpContext context) {
        this.ctx = ctx;
        this.context = context;
    }

    @Override
    public boolean send(byte[] part) {
        if (!ctx.executor().inEventLoop()) {
            Channel channel = ctx.channel();
            ctx.executor().execute(() -> send(part));
            return channel.isActive();
        }
        if (isClosed || !ctx.channel().isActive()) {
            return false;
        }
        if (waitingBytes + part.length > context.limits().streamBytes()) {
            context.figures().slowReaders.increment();
            ctx.close();
            return false;
        }
        waitingBytes += part.length;
        ctx.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(part)))
                .addListener(written -> waitingBytes -= part.length);
        return true;
    }

    @Override
    public void onClose(Runnable listener) {
        ctx.executor().execute(() -> {
            if (isClosed) {
                listener.run();
            } else {
                listeners.add(listener);
            }
        });
    }

    void closed() {
        isClosed = true;
        listeners.forEach(Runnable::run);
        listeners.clear();
    }

    @Override
    public void close() {
        ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
    }
}
