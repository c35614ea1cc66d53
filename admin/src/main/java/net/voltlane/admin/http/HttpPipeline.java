package net.voltlane.admin.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.ReferenceCountUtil;

/** Puts the handlers of a connection together. Reading is by hand, so that one request is decoded at a time. */
final class HttpPipeline extends ChannelInitializer<Channel> {
    private static final int MAX_LINE_BYTES = 8_192;

    private final HttpContext context;

    HttpPipeline(HttpContext context) {
        this.context = context;
    }

    @Override
    protected void initChannel(Channel channel) {
        HttpConnection connection = new HttpConnection(context);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast("arrival", new Arrival(connection));
        pipeline.addLast(
                "codec",
                new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(MAX_LINE_BYTES)
                        .setMaxHeaderSize(context.limits().headBytes())
                        .setAllowDuplicateContentLengths(false)
                        .setStrictLineParsing(true)));
        pipeline.addLast("connection", connection);
    }

    /** Tells the connection that bytes have come, before anything is made of them. Drops what comes after the end. */
    private static final class Arrival extends ChannelInboundHandlerAdapter {
        private final HttpConnection connection;

        Arrival(HttpConnection connection) {
            this.connection = connection;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (connection.isEnding()) {
                ReferenceCountUtil.release(message);
                return;
            }
            connection.bytesCame();
            ctx.fireChannelRead(message);
        }
    }
}
