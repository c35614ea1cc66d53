package net.voltlane.server.websocket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.util.AttributeKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.voltlane.server.link.Layer;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.link.TcpTransport;
import net.voltlane.server.link.Transport;
import net.voltlane.server.link.WireShape;
import org.jspecify.annotations.Nullable;

/** WebSocket over TCP, or over another transport such as TLS: a message is a frame without a prefix. */
public final class WebSocketTransport implements Transport {
    private static final String CODEC = "websocket";

    /** A channel's codec. The pipeline loses it when the channel is closed, but a closed link is still detached. */
    private static final AttributeKey<WebSocketCodec> CODEC_OF = AttributeKey.valueOf(WebSocketTransport.class, CODEC);

    private final String name;
    private final Transport below;
    private final WebSocketSettings settings;
    private final MemoryAccount account;
    private final List<String> codecNames;

    private WebSocketTransport(String name, Transport below, WebSocketSettings settings, MemoryAccount account) {
        this.name = name;
        this.below = below;
        this.settings = settings;
        this.account = account;
        List<String> names = new ArrayList<>(below.codecNames());
        names.add(CODEC);
        codecNames = List.copyOf(names);
    }

    /** @param account is charged for requests and fragments that are not complete; thread-safe */
    public static WebSocketTransport overTcp(WebSocketSettings settings, MemoryAccount account) {
        return new WebSocketTransport("ws", TcpTransport.INSTANCE, settings, account);
    }

    /** @param tls the transport below, whose clients ask for HTTP by ALPN */
    public static WebSocketTransport overTls(WebSocketSettings settings, MemoryAccount account, Transport tls) {
        return new WebSocketTransport("wss", tls, settings, account);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void addCodec(ChannelPipeline pipeline) {
        below.addCodec(pipeline);
        WebSocketCodec codec = new WebSocketCodec(pipeline.channel(), below, settings, account);
        pipeline.channel().attr(CODEC_OF).set(codec);
        pipeline.addLast(CODEC, codec);
    }

    @Override
    public List<String> codecNames() {
        return codecNames;
    }

    /**
     * In the clear each write is one frame, because a peer can use the first of two messages without the second. Below a
     * record of TLS there may be as many as it takes: short messages are shorter than their frames.
     */
    @Override
    public int maxRecordBytes() {
        return below.codecNames().isEmpty() ? 1 : below.maxRecordBytes();
    }

    @Override
    public @Nullable WireShape shape() {
        return below.codecNames().isEmpty() ? MessageShape.INSTANCE : null;
    }

    @Override
    public Map<String, String> attributes(Channel channel) {
        return below.attributes(channel);
    }

    @Override
    public @Nullable ChannelFuture farewell(Channel channel) {
        ChannelFuture closed = codec(channel).farewell();
        ChannelFuture last = below.farewell(channel);
        return last == null ? closed : last;
    }

    @Override
    public Layer layer(Channel channel) {
        return codec(channel);
    }

    @Override
    public boolean namesClients() {
        return true;
    }

    static WebSocketCodec codec(Channel channel) {
        return channel.attr(CODEC_OF).get();
    }
}
