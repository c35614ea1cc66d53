package net.voltlane.server.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bare TCP, or a Unix socket: frames are delimited by their length prefix, nothing is encoded, and a FIN is the
 * farewell.
 */
public final class TcpTransport implements Transport {
    public static final TcpTransport INSTANCE = new TcpTransport("tcp");
    /** The transport of Unix sockets. */
    public static final TcpTransport UNIX = new TcpTransport("unix");

    private final String name;

    private TcpTransport(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void addCodec(ChannelPipeline pipeline) {
        // frames are on the wire as they are
    }

    @Override
    public List<String> codecNames() {
        return List.of();
    }

    @Override
    public int maxRecordBytes() {
        return Integer.MAX_VALUE;
    }

    @Override
    public @Nullable ChannelFuture farewell(Channel channel) {
        return null;
    }
}
