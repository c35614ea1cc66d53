package net.voltlane.server.uplink;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import net.voltlane.server.link.Keepalive;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.link.SharedBuffer;
import net.voltlane.server.metrics.Counters;

/** The channels of the master's links: their options, their reader, and the buffer that all of them read into. */
final class LinkBootstrap {
    private static final int READ_BYTES = 256 * 1024;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private final MasterUplink uplink;
    private final MasterUplink.Dependencies around;
    private final Counters counters;
    private final RateLimitedLog faults;
    private final SharedBuffer reads;

    LinkBootstrap(MasterUplink uplink, MasterUplink.Dependencies around, Counters counters, RateLimitedLog faults) {
        this.uplink = uplink;
        this.around = around;
        this.counters = counters;
        this.faults = faults;
        reads = new SharedBuffer(around.allocator(), READ_BYTES);
    }

    /** A bootstrap that lacks nothing but the address. */
    Bootstrap bootstrap(Class<? extends Channel> channelType) {
        Bootstrap bootstrap = new Bootstrap();
        if (!uplink.settings().isUnix()) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true);
        }
        return bootstrap
                .group(around.loop())
                .channel(channelType)
                .option(ChannelOption.ALLOCATOR, around.allocator())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel next) {
                        prepare(next);
                    }
                });
    }

    private void prepare(Channel next) {
        assert around.loop().inEventLoop() : "belongs to the session loop";
        UplinkSettings settings = uplink.settings();
        Keepalive.of(settings.peerTimeoutNanos()).apply(next);
        next.config().setRecvByteBufAllocator(new LinkReads<>(next, () -> reads));
        next.pipeline()
                .addLast(
                        "firehose",
                        new FirehoseReader(uplink, uplink.reader(next), counters, faults, settings.maxFrameBytes()));
    }

    /** Frees the buffer that links read into. */
    void release() {
        reads.release();
    }
}
