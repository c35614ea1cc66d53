package net.voltlane.server.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import java.util.List;
import java.util.Map;
import net.voltlane.server.link.Layer;
import net.voltlane.server.link.Transport;
import org.jspecify.annotations.Nullable;

/**
 * TCP inside TLS: frames stand one behind the other in the plaintext, whatever records they come in. The farewell is
 * close_notify.
 */
public final class TlsTransport implements Transport {
    /** The names in the certificate of a channel's client. */
    static final AttributeKey<Map<String, String>> CERTIFICATE = AttributeKey.valueOf("voltlane.certificate");

    private final ServerTls tls;
    private final TlsProtocol protocol;

    /** @param protocol the protocol inside, for clients that use ALPN */
    public TlsTransport(ServerTls tls, TlsProtocol protocol) {
        this.tls = tls;
        this.protocol = protocol;
    }

    @Override
    public String name() {
        return "tls";
    }

    @Override
    public void addCodec(ChannelPipeline pipeline) {
        pipeline.addLast(TlsCodec.NAME, tls.newCodec(pipeline.channel(), protocol));
    }

    @Override
    public List<String> codecNames() {
        return List.of(TlsCodec.NAME);
    }

    @Override
    public int maxRecordBytes() {
        return Records.MAX_PLAIN_BYTES;
    }

    @Override
    public @Nullable ChannelFuture farewell(Channel channel) {
        ChannelHandlerContext context = channel.pipeline().context(TlsCodec.NAME);
        return context == null ? null : ((TlsCodec) context.handler()).farewell(context);
    }

    @Override
    public Layer layer(Channel channel) {
        ChannelHandlerContext context = channel.pipeline().context(TlsCodec.NAME);
        return context == null ? Layer.NONE : (TlsCodec) context.handler();
    }

    @Override
    public Map<String, String> attributes(Channel channel) {
        return channel.hasAttr(CERTIFICATE) ? channel.attr(CERTIFICATE).get() : Map.of();
    }
}
