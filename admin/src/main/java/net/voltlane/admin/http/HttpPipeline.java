package net.voltlane.admin.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpResponseEncoder;

/** Puts the handlers of a connection together. Reading is by hand, so that a peer can't send far ahead. */
final class HttpPipeline extends ChannelInitializer<Channel> {
    private final HttpContext context;

    HttpPipeline(HttpContext context) {
        this.context = context;
    }

    @Override
    protected void initChannel(Channel channel) {
        HttpConnection connection = new HttpConnection(context);
        channel.pipeline()
                .addLast(connection.decoder())
                .addLast(new HttpResponseEncoder())
                .addLast(connection);
    }
}
