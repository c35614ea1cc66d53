package net.voltlane.server.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import java.util.List;
import java.util.Map;
import net.voltlane.server.link.Layer;
import net.voltlane.server.link.RecordShape;
import net.voltlane.server.link.Transport;
import org.jspecify.annotations.Nullable;

/**
 * TCP inside TLS: frames stand one behind the other in the plaintext, whatever records they come in. The farewell is
 * close_notify.
 */
public final class TlsTransport implements Transport {
    /** The names in the certificate of a channel's client. */
    static final AttributeKey<Map<String, String>> CERTIFICATE = AttributeKey.valueOf("voltlane.certificate");

    private static final AttributeKey<TlsCodec> CODEC = AttributeKey.valueOf("voltlane.tls");

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
        TlsCodec codec = tls.newCodec(pipeline.channel(), protocol);
        pipeline.channel().attr(CODEC).set(codec);
        pipeline.addLast(TlsCodec.NAME, codec);
    }

    @Override
    public List<String> codecNames() {
        return List.of(TlsCodec.NAME);
    }

    @Override
    public int maxRecordBytes() {
        return Records.MAX_RUN_BYTES;
    }

    @Override
    public RecordShape records(Channel channel) {
        return codec(channel);
    }

    @Override
    public @Nullable ChannelFuture farewell(Channel channel) {
        ChannelHandlerContext context = channel.pipeline().context(TlsCodec.NAME);
        return context == null ? null : ((TlsCodec) context.handler()).farewell(context);
    }

    @Override
    public Layer layer(Channel channel) {
        return codec(channel);
    }

    /** The codec of a channel, also once it is closed. */
    static TlsCodec codec(Channel channel) {
        return channel.attr(CODEC).get();
    }

    @Override
    public Map<String, String> attributes(Channel channel) {
        return channel.hasAttr(CERTIFICATE) ? channel.attr(CERTIFICATE).get() : Map.of();
    }
}
