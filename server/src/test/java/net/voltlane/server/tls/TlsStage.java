package net.voltlane.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.CodecException;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.ManualLoop;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ManualClock;
import net.voltlane.testkit.certificates.TestCertificate;

/** The TLS of a server, on sockets and a clock that a test moves by hand. */
final class TlsStage implements AutoCloseable {
    /** Steps after which any handshake has come to its end. */
    private static final int MOST_STEPS = 6;

    final ManualClock clock = new ManualClock();
    final ManualLoop loop = new ManualLoop(clock);
    final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    final Metrics metrics = new Metrics();
    /** Reasons for which connections were rejected. */
    final List<Metric> faults = new ArrayList<>();

    final ServerTls tls;
    /** By so much the clock on the wall is ahead of that of the machine. */
    Duration ahead = Duration.ZERO;

    private final List<FakeChannel> channels = new ArrayList<>();
    private final ByteArrayOutputStream got = new ByteArrayOutputStream();

    /** @param isNative true: by BoringSSL; false: by the JDK */
    TlsStage(TlsFiles files, boolean isNative) {
        try {
            tls = new ServerTls(
                    files,
                    new ServerTls.Dependencies(metrics, budget, new SecureRandom(), clock, this::wallMillis),
                    isNative);
        } catch (TlsException e) {
            throw new AssertionError(e);
        }
    }

    long wallMillis() {
        return System.currentTimeMillis() + ahead.toMillis();
    }

    /** Files with these certificates, the default first. */
    static TlsFiles files(TestCertificate.Pair... pairs) {
        return files("", false, pairs);
    }

    static TlsFiles files(String clientCa, boolean isOnly13, TestCertificate.Pair... pairs) {
        List<TlsFiles.Pair> all = new ArrayList<>();
        for (TestCertificate.Pair pair : pairs) {
            all.add(new TlsFiles.Pair(
                    "tls.certificate",
                    pair.chain().toString(),
                    "tls.key",
                    pair.key().toString()));
        }
        return new TlsFiles(all, clientCa, isOnly13);
    }

    /** Files with one certificate, for clients with a certificate of this authority. */
    static TlsFiles files(Path clientCa, TestCertificate.Pair pair) {
        return files(clientCa.toString(), false, pair);
    }

    /** A connection that was just accepted. */
    FakeChannel socket(TlsProtocol protocol) {
        FakeChannel channel = FakeChannel.connected(loop);
        channels.add(channel);
        new TlsTransport(tls, protocol).addCodec(channel.pipeline());
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                got.writeBytes(Bufs.bytes(List.of((ByteBuf) msg)));
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                // a sign of life, which nobody needs here
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                if (!(cause instanceof CodecException fault)) {
                    throw new AssertionError(cause);
                }
                faults.add(fault.rejected());
            }
        });
        return channel;
    }

    FakeChannel socket() {
        return socket(TlsProtocol.VOLTLANE);
    }

    void receives(FakeChannel channel, byte[] bytes) {
        channel.receives(bytes);
        loop.run();
    }

    /** Shakes hands, and sends the client something: BoringSSL sends tickets of TLS 1.3 with the first data. */
    FakeChannel connect(TlsPeer peer) {
        FakeChannel channel = socket();
        peer.handshake(channel, loop::run, Integer.MAX_VALUE / 2);
        channel.writeAndFlush(Bufs.buf(Bufs.frame(1, 1)));
        loop.run();
        assertThat(peer.opens(channel.taken())).isEqualTo(Bufs.frame(1, 1));
        return channel;
    }

    /**
     * Has a client begin that is refused before it is let in. Its first bytes of data go along with the last of the
     * handshake, as far as it gets.
     *
     * @return the last that it was sent, which ends with an alert if the engine itself refused it. Not opened yet
     */
    byte[] refused(TlsPeer peer) {
        FakeChannel channel = socket();
        byte[] came = new byte[0];
        for (int step = 0; step < MOST_STEPS && faults.isEmpty(); step++) {
            byte[] said = peer.says();
            receives(channel, peer.isDone() ? Bytes.concat(said, peer.seals(new byte[40])) : said);
            came = channel.taken();
            if (faults.isEmpty()) {
                peer.opens(came);
            }
        }
        channel.close();
        loop.run();
        return came;
    }

    /** The bytes that came through since the last call. */
    byte[] got() {
        byte[] all = got.toByteArray();
        got.reset();
        return all;
    }

    long count(Metric metric) {
        return metrics.sum(metric);
    }

    /** Ends everything. Memory that is still charged then is a leak. */
    @Override
    public void close() {
        channels.forEach(FakeChannel::close);
        loop.run();
        tls.close();
        if (budget.heldBytes() != 0) {
            throw new AssertionError(budget.heldBytes() + " bytes are still charged");
        }
    }
}
