package net.voltlane.server.uplink;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import net.voltlane.protocol.SystemWords;
import net.voltlane.server.link.Keepalive;
import net.voltlane.server.link.LinkReads;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.link.SharedBuffer;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import net.voltlane.server.metrics.Counters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channels of the master's links: their options, their reader, and the buffer that all of them read into. */
final class LinkBootstrap {
    private static final Logger log = LoggerFactory.getLogger(LinkBootstrap.class);
    private static final int READ_BYTES = 256 * 1024;
    static final int CONNECT_TIMEOUT_MILLIS = 5_000;

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
        renewTls();
        around.firehose().transport().addCodec(next.pipeline());
        next.pipeline()
                .addLast("firehose", new FirehoseReader(uplink, uplink.reader(next), counters, faults, this::reason));
    }

    /** Reads the files of TLS anew, if there is TLS. If one can't be used, the old ones stay. */
    void reloadTls(MasterTls.Files files) {
        if (!(around.firehose().transport() instanceof MasterTls tls)) {
            return;
        }
        try {
            tls.reload(files);
        } catch (MasterTlsException e) {
            kept(e);
        }
    }

    /** Takes renewed files over. Told of if they can't be used, once. */
    private void renewTls() {
        try {
            if (around.firehose().transport() instanceof MasterTls tls && tls.renew()) {
                log.debug("Renewed certificates towards the master are in use");
            }
        } catch (MasterTlsException e) {
            kept(e);
        }
    }

    private static void kept(MasterTlsException e) {
        LogEvent.MASTER_TLS_KEPT
                .on(log)
                .addKeyValue(LogField.REASON.key(), e.getMessage())
                .log("The old certificates towards the master stay in use: {}", e.getMessage());
    }

    /** The reason of a broken link, for the operator. */
    private String reason(Throwable thrown) {
        String ofTls = around.firehose().transport() instanceof MasterTls tls ? tls.reason(thrown) : null;
        return ofTls == null ? SystemWords.of(thrown) : ofTls;
    }

    /** Frees the buffer that links read into. */
    void release() {
        reads.release();
    }
}
