package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.Logged;
import net.voltlane.server.link.ManualLoop;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.server.names.NameLookup;
import net.voltlane.server.names.Names;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class DialerTest {
    private static final InetAddress FIRST = address("192.0.2.1");
    private static final InetAddress SECOND = address("192.0.2.2");

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private final ManualClock clock = new ManualClock();
    private final ManualLoop loop = new ManualLoop(clock);
    private final Metrics metrics = new Metrics();
    private final List<Channel> connected = new ArrayList<>();
    private final List<String> gaveUp = new ArrayList<>();
    private final Logged log = new Logged(Dialer.class);

    DialerTest() {
        FakeChannel.forgetDialled();
    }

    @AfterEach
    void close() {
        log.close();
    }

    private Dialer dialer(String host, Duration timeout) {
        return dialer(Names.LITERALS, host, timeout);
    }

    private Dialer dialer(NameLookup names, String host, Duration timeout) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(FakeChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {}
                });
        Dialer[] dialer = new Dialer[1];
        dialer[0] = new Dialer(
                loop,
                bootstrap,
                names,
                new UplinkSettings(host, 42001, 1, 1, 1, timeout.toNanos(), 0),
                metrics.newCounters(),
                clock,
                new Backoff(() -> 0.0), // 50 ms, 100 ms, 200 ms …
                new Dialer.Outcome() {
                    @Override
                    public void connected(Channel channel) {
                        dialer[0].greeted();
                        connected.add(channel);
                    }

                    @Override
                    public void gaveUp(String message) {
                        gaveUp.add(message);
                    }
                });
        return dialer[0];
    }

    private FakeChannel dialled() {
        loop.run();
        FakeChannel channel = FakeChannel.nextDialled();
        assertThat(channel).as("a dial").isNotNull();
        return channel;
    }

    private void nothingDialled() {
        loop.run();
        assertThat(FakeChannel.nextDialled()).isNull();
    }

    private void refuse() {
        dialled().refused(new ConnectException("Connection refused: /127.0.0.1:42001"));
    }

    @Test
    void aDialThatSucceedsIsTheOnlyOne() {
        dialer("127.0.0.1", Duration.ofSeconds(30)).start();
        FakeChannel channel = dialled();
        assertThat(channel.address()).isEqualTo(new InetSocketAddress("127.0.0.1", 42001));
        assertThat(connected).isEmpty();
        channel.accepted();
        assertThat(connected).containsExactly(channel);
        loop.advance(Duration.ofMinutes(1));
        nothingDialled();
        assertThat(metrics.sum(Metric.MASTER_DIALS_FAILED)).isZero();
        assertThat(gaveUp).isEmpty();
    }

    @Test
    void oneThatFailsIsFollowedByOthersFurtherAndFurtherApart() {
        dialer("127.0.0.1", Duration.ofSeconds(30)).start();
        for (long delay : new long[] {50, 100, 200, 400}) {
            refuse();
            loop.advance(Duration.ofMillis(delay).minusNanos(1));
            nothingDialled();
            loop.advance(Duration.ofNanos(1));
        }
        dialled().accepted();
        assertThat(connected).hasSize(1);
        assertThat(metrics.sum(Metric.MASTER_DIALS_FAILED)).isEqualTo(4);
        assertThat(log.lines().stream().filter(line -> line.startsWith("WARN")))
                .as("one warning, however many dials")
                .containsExactly("WARN Master 127.0.0.1:42001: connection refused; trying for 30 s");
    }

    @Test
    void itGivesUpWhenTheMasterWasAwayForTooLong() {
        dialer("127.0.0.1", Duration.ofMillis(500)).start();
        refuse(); // at 0
        for (long delay : new long[] {50, 100, 200, 150}) { // the last dial is due no later than the end
            loop.advance(Duration.ofMillis(delay));
            assertThat(gaveUp).isEmpty();
            refuse();
        }
        assertThat(gaveUp)
                .singleElement()
                .asString()
                .startsWith("master.address: 127.0.0.1:42001 could not be reached (connection refused)")
                .contains("master.reconnect_timeout_secs");
        loop.advance(Duration.ofMinutes(1));
        nothingDialled();
    }

    @Test
    void noTimeAtAllMeansOneDial() {
        dialer("127.0.0.1", Duration.ZERO).start();
        refuse();
        assertThat(gaveUp).hasSize(1);
        nothingDialled();
    }

    @Test
    void noTimeAtAllMeansThatALostLinkIsTheEnd() {
        Dialer dialer = dialer("127.0.0.1", Duration.ZERO);
        dialer.start();
        dialled().accepted();
        dialer.again(Duration.ofHours(1).toNanos(), false, "link lost (closed by the master)");
        assertThat(gaveUp).singleElement().asString().contains("(link lost (closed by the master))");
        nothingDialled();
    }

    @Test
    void theTimeAwayCountsFromTheLossOfTheLink() {
        Dialer dialer = dialer("127.0.0.1", Duration.ofSeconds(1));
        dialer.start();
        dialled().accepted();
        loop.advance(Duration.ofHours(1));
        dialer.again(Duration.ofHours(1).toNanos(), false, "link lost");
        loop.advance(Duration.ofMillis(50));
        refuse();
        assertThat(gaveUp).isEmpty();
        loop.advance(Duration.ofMillis(100));
        dialled().accepted();
        assertThat(connected).hasSize(2);
    }

    @Test
    void aLinkThatDiesAtOnceDoesNotStartTheDelaysOver() {
        Dialer dialer = dialer("127.0.0.1", Duration.ofSeconds(30));
        dialer.start();
        for (long delay : new long[] {50, 100, 200}) {
            dialled().accepted();
            dialer.again(Duration.ofMillis(1).toNanos(), false, "link lost");
            loop.advance(Duration.ofMillis(delay).minusNanos(1));
            nothingDialled();
            loop.advance(Duration.ofNanos(1));
        }
        dialled().accepted();
        dialer.again(Duration.ofSeconds(5).toNanos(), false, "link lost");
        loop.advance(Duration.ofMillis(50));
        dialled();
    }

    @Test
    void whoAcceptsAndClosesAtOnceIsGivenUpInTime() {
        Dialer dialer = dialer("127.0.0.1", Duration.ofSeconds(30));
        dialer.start();
        loop.run();
        long began = clock.getAsLong();
        Duration end = Duration.ofSeconds(60);
        for (Duration now = Duration.ZERO; gaveUp.isEmpty() && now.compareTo(end) < 0; now = now.plusMillis(50)) {
            FakeChannel channel = FakeChannel.nextDialled();
            if (channel != null) {
                channel.accepted();
                dialer.again(Duration.ofMillis(1).toNanos(), false, "link lost (closed by the master)");
            }
            if (gaveUp.isEmpty()) {
                loop.advance(Duration.ofMillis(50));
            }
        }
        assertThat(gaveUp)
                .singleElement()
                .asString()
                .contains("for 30 s (link lost (closed by the master))")
                .contains("master.reconnect_timeout_secs");
        assertThat(Duration.ofNanos(clock.getAsLong() - began)).isEqualTo(Duration.ofSeconds(30));
        assertThat(log.lines().stream().filter(line -> line.startsWith("WARN")))
                .as("the time that is left")
                .contains(
                        "WARN Master 127.0.0.1:42001: link lost (closed by the master); trying for 30 s",
                        "WARN Master 127.0.0.1:42001: link lost (closed by the master); trying for 2 s");
    }

    @Test
    void aShortLinkNeitherStartsTheTimeAwayOverNorCountsAsAway() {
        Dialer dialer = dialer("127.0.0.1", Duration.ofSeconds(1));
        dialer.start();
        FakeChannel first = dialled();
        loop.advance(Duration.ofMillis(900));
        first.accepted();
        loop.advance(Duration.ofMillis(4_999));
        dialer.again(Duration.ofMillis(4_999).toNanos(), false, "link lost");
        assertThat(gaveUp).as("100 ms are left").isEmpty();
        loop.advance(Duration.ofMillis(50));
        refuse();
        loop.advance(Duration.ofMillis(50));
        refuse();
        assertThat(gaveUp).hasSize(1);
    }

    @Test
    void aLinkThatLivedForAWhileStartsTheTimeAwayOver() {
        Dialer dialer = dialer("127.0.0.1", Duration.ofSeconds(1));
        dialer.start();
        FakeChannel first = dialled();
        loop.advance(Duration.ofMillis(900));
        first.accepted();
        loop.advance(Duration.ofSeconds(5));
        dialer.again(Duration.ofSeconds(5).toNanos(), false, "link lost");
        loop.advance(Duration.ofMillis(999));
        refuse();
        assertThat(gaveUp).isEmpty();
    }

    @Test
    void withNoEndOfItsTimeItDialsForEver() {
        dialer("127.0.0.1", Duration.ofNanos(Long.MAX_VALUE)).start();
        for (int day = 0; day < 400; day++) {
            refuse();
            loop.advance(Duration.ofDays(1));
        }
        dialled().accepted();
        assertThat(gaveUp).isEmpty();
        assertThat(log.lines()).contains("WARN Master 127.0.0.1:42001: connection refused; trying until it is back");
    }

    @Test
    void stoppedItDialsNoMore() {
        Dialer dialer = dialer("127.0.0.1", Duration.ofSeconds(30));
        dialer.start();
        refuse();
        dialer.stop();
        loop.advance(Duration.ofSeconds(1));
        nothingDialled();
        assertThat(gaveUp).isEmpty();
    }

    @Test
    void aDialThatSucceedsAfterAStopIsClosed() {
        Dialer dialer = dialer("127.0.0.1", Duration.ofSeconds(30));
        dialer.start();
        FakeChannel channel = dialled();
        dialer.stop();
        channel.accepted();
        loop.run();
        assertThat(connected).isEmpty();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aDialThatFailsAfterAStopIsForgotten() {
        Dialer dialer = dialer("127.0.0.1", Duration.ZERO);
        dialer.start();
        FakeChannel channel = dialled();
        dialer.stop();
        channel.refused(new ConnectException("Connection refused"));
        assertThat(gaveUp).isEmpty();
    }

    @Test
    void aNameIsLookedUpAnewAtEachDial() {
        List<InetAddress> now = new ArrayList<>(List.of(FIRST));
        dialer((host, then) -> then.accept(Names.found(now.get(0))), "backend", Duration.ofSeconds(30))
                .start();
        refused(dialled(FIRST));
        now.set(0, SECOND);
        loop.advance(Duration.ofMillis(50));
        dialled(SECOND).accepted();
        assertThat(connected).hasSize(1);
    }

    @Test
    void aNameThatIsNotFoundIsADialThatFails() {
        dialer((host, then) -> then.accept(Names.nothing("unknown host")), "backend", Duration.ZERO)
                .start();
        loop.run();
        assertThat(gaveUp).singleElement().asString().contains("backend:42001 could not be reached (unknown host)");
        assertThat(metrics.sum(Metric.MASTER_DIALS_FAILED)).isEqualTo(1);
    }

    @Test
    void anAnswerThatComesAfterAStopIsForgotten() {
        List<Consumer<NameLookup.Found>> asked = new ArrayList<>();
        Dialer dialer = dialer((host, then) -> asked.add(then), "backend", Duration.ofSeconds(30));
        dialer.start();
        dialer.stop();
        asked.get(0).accept(Names.found(FIRST));
        nothingDialled();
    }

    @Test
    void theAddressOfALinkThatLivedIsTriedFirstAndThatOfOneThatDiedAtOnceLast() {
        Dialer dialer =
                dialer((host, then) -> then.accept(Names.found(FIRST, SECOND)), "backend", Duration.ofSeconds(30));
        dialer.start();
        refused(dialled(FIRST));
        dialled(SECOND).accepted();
        dialer.again(Duration.ofSeconds(5).toNanos(), false, "link lost");
        loop.advance(Duration.ofMillis(50));
        dialled(SECOND).accepted();
        dialer.again(Duration.ofSeconds(1).toNanos(), false, "link lost");
        loop.advance(Duration.ofMillis(200));
        dialled(FIRST).accepted();
        assertThat(connected).hasSize(3);
    }

    private FakeChannel dialled(InetAddress where) {
        FakeChannel channel = dialled();
        assertThat(channel.address()).isEqualTo(new InetSocketAddress(where, 42001));
        return channel;
    }

    private static void refused(FakeChannel channel) {
        channel.refused(new ConnectException("Connection refused"));
    }

    @Test
    void aDialUnderWayIsClosedByAStop() {
        Dialer dialer = dialer("127.0.0.1", Duration.ofSeconds(30));
        dialer.start();
        FakeChannel channel = dialled();
        dialer.stop();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anAddressOfVersion6IsWrittenInBrackets() {
        dialer("::1", Duration.ZERO).start();
        dialled().refused(new ConnectException("Connection refused"));
        assertThat(gaveUp).singleElement().asString().startsWith("master.address: [::1]:42001 ");
    }
}
