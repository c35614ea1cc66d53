package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.ManualLoop;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;

final class DialTest {
    private static final InetAddress FOUR = address("192.0.2.1");
    private static final InetAddress FOUR_TOO = address("192.0.2.2");
    private static final InetAddress SIX = address("2001:db8::1");
    private static final InetAddress SIX_TOO = address("2001:db8::2");

    private final ManualClock clock = new ManualClock();
    private final ManualLoop loop = new ManualLoop(clock);
    private final List<String> outcomes = new ArrayList<>();

    DialTest() {
        FakeChannel.forgetDialled();
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static List<InetSocketAddress> at42001(InetAddress... addresses) {
        return Stream.of(addresses)
                .map(address -> new InetSocketAddress(address, 42001))
                .toList();
    }

    private Dial dial(InetAddress... addresses) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(FakeChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {}
                });
        Dial dial = new Dial(loop, bootstrap, at42001(addresses), new Metrics().newCounters(), new Dial.Outcome() {
            @Override
            public void reached(SocketAddress address, Channel channel) {
                outcomes.add(
                        "reached " + ((InetSocketAddress) address).getAddress().getHostAddress());
            }

            @Override
            public void failed(String why) {
                outcomes.add(why);
            }
        });
        dial.start();
        return dial;
    }

    private FakeChannel dialled(InetAddress where) {
        loop.run();
        FakeChannel channel = FakeChannel.nextDialled();
        assertThat(channel).as("a dial").isNotNull();
        assertThat(channel.address()).isEqualTo(new InetSocketAddress(where, 42001));
        return channel;
    }

    private void nothingDialled() {
        loop.run();
        assertThat(FakeChannel.nextDialled()).isNull();
    }

    private static void refuse(FakeChannel channel) {
        channel.refused(new ConnectException("Connection refused"));
    }

    /** The connection and the handshake have five seconds together. */
    @Test
    void aPeerThatDoesNotAnswerTheHandshakeOfTlsIsGivenUpInTime() throws Exception {
        MasterTls tls = new MasterTls(new MasterTls.Files("", "", "", "backend.example"));
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(FakeChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        tls.addCodec(channel.pipeline());
                    }
                });
        new Dial(loop, bootstrap, at42001(FOUR), new Metrics().newCounters(), new Dial.Outcome() {
                    @Override
                    public void reached(SocketAddress address, Channel channel) {
                        outcomes.add("reached");
                    }

                    @Override
                    public void failed(String why) {
                        outcomes.add(why);
                    }
                })
                .start();
        loop.advance(Duration.ofSeconds(3));
        FakeChannel channel = dialled(FOUR);
        channel.accepted();
        loop.advance(Duration.ofNanos(Dial.HANDSHAKE_NANOS - 3_000_000_001L));
        assertThat(outcomes).isEmpty();
        loop.advance(Duration.ofNanos(1));
        assertThat(outcomes).containsExactly(Dial.HANDSHAKE_LATE);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anAddressThatRefusesIsFollowedByTheNextAtOnce() {
        dial(FOUR, SIX);
        refuse(dialled(FOUR));
        dialled(SIX).accepted();
        assertThat(outcomes).containsExactly("reached 2001:db8:0:0:0:0:0:1");
        loop.advance(Duration.ofMinutes(1));
        nothingDialled();
    }

    @Test
    void besideOneThatDoesNotAnswerTheNextIsTriedSoon() {
        dial(FOUR, SIX, FOUR_TOO);
        FakeChannel dead = dialled(FOUR);
        loop.advance(Duration.ofNanos(Dial.STAGGER_NANOS - 1));
        nothingDialled();
        loop.advance(Duration.ofNanos(1));
        dialled(SIX).accepted();
        assertThat(outcomes).hasSize(1);
        assertThat(dead.isOpen()).as("the attempt that has lost").isFalse();
        loop.advance(Duration.ofMinutes(1));
        nothingDialled();
    }

    @Test
    void theFirstThatIsReachedWinsAndALaterOneIsClosed() {
        dial(FOUR, SIX);
        FakeChannel first = dialled(FOUR);
        loop.advance(Duration.ofNanos(Dial.STAGGER_NANOS));
        FakeChannel second = dialled(SIX);
        first.accepted();
        assertThat(second.isOpen()).isFalse();
        assertThat(outcomes).containsExactly("reached 192.0.2.1");
    }

    @Test
    void itFailsWhenAllHaveAndSaysWhyEachDid() {
        dial(FOUR, SIX);
        refuse(dialled(FOUR));
        dialled(SIX).refused(new NoRouteToHostException());
        assertThat(outcomes).containsExactly("192.0.2.1: connection refused; [2001:db8:0:0:0:0:0:1]: no route to host");
    }

    @Test
    void ofManyReasonsAFewAreTold() {
        dial(FOUR, FOUR_TOO, SIX, SIX_TOO);
        Stream.of(FOUR, FOUR_TOO, SIX, SIX_TOO).forEach(address -> refuse(dialled(address)));
        assertThat(outcomes).singleElement().asString().endsWith("; and 1 more");
    }

    @Test
    void afterAStopNothingIsDialledAndNothingTold() {
        Dial dial = dial(FOUR, SIX);
        FakeChannel first = dialled(FOUR);
        dial.stop();
        assertThat(first.isOpen()).isFalse();
        loop.advance(Duration.ofMinutes(1));
        nothingDialled();
        assertThat(outcomes).isEmpty();
    }

    @Test
    void attemptsThatFailWhileAStopClosesThemDoNotDisturbIt() {
        Dial dial = dial(FOUR, SIX);
        FakeChannel first = dialled(FOUR);
        loop.advance(Duration.ofNanos(Dial.STAGGER_NANOS));
        FakeChannel second = dialled(SIX);
        for (FakeChannel attempt : List.of(first, second)) {
            attempt.closeFuture().addListener(closed -> refuse(attempt));
        }
        dial.stop();
        assertThat(first.isOpen()).isFalse();
        assertThat(second.isOpen()).isFalse();
        assertThat(outcomes).isEmpty();
    }

    @Test
    void whereNoSocketCanBeHadTheLoopIsToldAndAStopStops() throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            EventLoop real = group.next();
            Bootstrap noSockets = new Bootstrap()
                    .group(real)
                    .channelFactory(() -> {
                        throw new ChannelException("too many open files");
                    })
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {}
                    });
            for (int i = 0; i < 100; i++) {
                CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
                Dial.Outcome outcome = new Dial.Outcome() {
                    @Override
                    public void reached(SocketAddress address, Channel channel) {
                        onLoop.completeExceptionally(new AssertionError("reached"));
                    }

                    @Override
                    public void failed(String why) {
                        onLoop.complete(real.inEventLoop());
                    }
                };
                List<InetSocketAddress> addresses = at42001(FOUR, SIX);
                Counters counters = new Metrics().newCounters();
                real.submit(() -> new Dial(real, noSockets, addresses, counters, outcome).start())
                        .sync();
                assertThat(onLoop.get(10, TimeUnit.SECONDS)).isTrue();
                real.submit(() -> {
                            Dial stopped = new Dial(real, noSockets, addresses, counters, outcome);
                            stopped.start();
                            stopped.stop();
                        })
                        .sync();
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void familiesTakeTurnsFromTheFirstOneOn() {
        MasterAddresses addresses = new MasterAddresses();
        assertThat(addresses.inOrder(List.of(FOUR, FOUR_TOO, SIX, SIX_TOO, FOUR)))
                .containsExactly(FOUR, SIX, FOUR_TOO, SIX_TOO);
        assertThat(addresses.inOrder(List.of(SIX, SIX_TOO, FOUR))).containsExactly(SIX, FOUR, SIX_TOO);
        assertThat(addresses.inOrder(List.of())).isEmpty();
    }

    @Test
    void anAddressThatTheNameHasNoMoreIsNotTried() {
        MasterAddresses addresses = new MasterAddresses();
        addresses.reached(FOUR_TOO);
        addresses.lost(true);
        assertThat(addresses.inOrder(List.of(FOUR, FOUR_TOO))).containsExactly(FOUR_TOO, FOUR);
        assertThat(addresses.inOrder(List.of(FOUR, SIX))).containsExactly(FOUR, SIX);
    }

    @Test
    void ofThousandsOfAddressesAFewAreTriedTheGoodOneAmongThem() {
        List<InetAddress> many = IntStream.range(0, 4000)
                .mapToObj(i -> address("10.0." + i / 256 + "." + i % 256))
                .toList();
        MasterAddresses addresses = new MasterAddresses();
        assertThat(addresses.inOrder(many)).hasSize(MasterAddresses.MOST);
        addresses.reached(many.get(9));
        addresses.lost(true);
        assertThat(addresses.inOrder(many)).hasSize(MasterAddresses.MOST).startsWith(many.get(9));
    }
}
