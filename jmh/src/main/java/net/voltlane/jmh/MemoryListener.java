package net.voltlane.jmh;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A listening channel that accepts what {@link #accept} gives it. A bootstrap makes it, so it is public. */
public final class MemoryListener extends AbstractServerChannel {
    private final ChannelConfig config = new DefaultChannelConfig(this) {
        @Override
        public <T> boolean setOption(ChannelOption<T> option, T value) {
            super.setOption(option, value);
            return true; // options of TCP are accepted and have no effect
        }
    };
    private boolean open = true;
    private @Nullable SocketAddress address;

    void accept(MemoryChannel client) {
        pipeline().fireChannelRead(client);
        pipeline().fireChannelReadComplete();
    }

    @Override
    protected void doBind(SocketAddress local) {
        address = local;
    }

    @Override
    protected void doBeginRead() {}

    @Override
    protected void doClose() {
        open = false;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && address != null;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return address;
    }
}
