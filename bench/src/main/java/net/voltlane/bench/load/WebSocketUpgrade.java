package net.voltlane.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import net.voltlane.bench.model.Via;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a WebSocket (RFC 6455, section 4), and leaves the pipeline once the server has given one. The key is always
 * the same, as no cache is between a load and its server. Belongs to its connection's loop.
 */
final class WebSocketUpgrade extends ChannelInboundHandlerAdapter {

    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
    private static final String END = "\r\n\r\n";
    private static final int MAX_HEAD_BYTES = 16 * 1024;

    private final Via via;
    private final Consumer<@Nullable Throwable> then;
    private final StringBuilder head = new StringBuilder();

    WebSocketUpgrade(Via via, Consumer<@Nullable Throwable> then) {
        this.via = via;
        this.then = then;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        String request = "GET " + via.path() + " HTTP/1.1\r\nHost: " + via.authority()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + KEY
                + "\r\nSec-WebSocket-Version: 13" + END;
        ctx.writeAndFlush(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable()) {
                head.append((char) in.readUnsignedByte());
                if (head.length() >= END.length() && head.indexOf(END, head.length() - END.length()) >= 0) {
                    answered(ctx, in);
                    return;
                }
            }
            if (head.length() > MAX_HEAD_BYTES) {
                refuse(ctx, "an endless answer");
            }
        } finally {
            in.release();
        }
    }

    private void answered(ChannelHandlerContext ctx, ByteBuf rest) {
        String answer = head.toString();
        if (!answer.startsWith("HTTP/1.1 101 ") || !answer.contains(ACCEPT)) {
            refuse(ctx, answer.substring(0, answer.indexOf('\r')));
            return;
        }
        then.accept(null);
        if (rest.isReadable()) {
            ctx.fireChannelRead(rest.readRetainedSlice(rest.readableBytes()));
        }
        ctx.pipeline().remove(this);
    }

    private void refuse(ChannelHandlerContext ctx, String answer) {
        then.accept(new IOException("the server gave no WebSocket: " + answer));
        ctx.close();
    }
}
