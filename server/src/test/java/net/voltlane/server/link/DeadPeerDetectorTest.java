package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;

final class DeadPeerDetectorTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration SWEEP = Duration.ofMillis(100);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final ManualClock clock = new ManualClock();
    private final ManualLoop loop = new ManualLoop(clock);
    private final FakePeers kernel = new FakePeers(clock);
    private final DeadPeerDetector watch = new DeadPeerDetector(kernel, TIMEOUT.toNanos(), new ServedTime(clock));

    /** A link that adds itself when it sends, as real links do. */
    private final class Link implements DeadPeerDetector.Peer {
        private final Channel channel = FakeChannel.connected(loop);
        private boolean up = true;
        private boolean sent;
        private boolean watched;
        private int vanished;

        private Link send() {
            sent = true;
            if (!watched) {
                watched = true;
                watch.add(this, clock.getAsLong());
            }
            return this;
        }

        @Override
        public Channel channel() {
            return channel;
        }

        @Override
        public boolean isUp() {
            return up;
        }

        @Override
        public boolean pollSent() {
            boolean since = sent;
            sent = false;
            return since;
        }

        @Override
        public void unwatched() {
            watched = false;
        }

        @Override
        public void vanished() {
            vanished++;
        }
    }

    private Link link() {
        return new Link();
    }

    /** Moves time, with all the sweeps that fall into it. */
    private void pass(Duration time) {
        for (long left = time.toNanos(); left > 0; left -= SWEEP.toNanos()) {
            clock.advance(SWEEP);
            watch.sweep(clock.getAsLong());
        }
    }

    @Test
    void aLinkThatSendsNothingIsNeverAskedFor() {
        link();
        pass(TIMEOUT.multipliedBy(10));
        assertThat(kernel.asks()).isZero();
    }

    @Test
    void aLinkThatHasSentIsAskedForUntilAllIsAcknowledgedAndNothingMoreIsSent() {
        Link link = link();
        kernel.acknowledges(link.channel);
        link.send();
        pass(LOOK.minus(SWEEP));
        assertThat(kernel.asks()).isZero();
        pass(SWEEP);
        assertThat(kernel.asks()).as("it had sent since the last look").isOne();
        assertThat(link.watched).isTrue();
        pass(LOOK);
        assertThat(kernel.asks()).isOne();
        assertThat(link.watched).isFalse();
        assertThat(watch.size()).isZero();
        pass(TIMEOUT);
        assertThat(kernel.asks()).isZero();
    }

    @Test
    void aLinkThatSendsAllTheTimeIsAskedForOnceASecond() {
        Link link = link();
        kernel.acknowledges(link.channel);
        for (int i = 0; i < 100; i++) {
            link.send();
            pass(SWEEP);
        }
        assertThat(kernel.asks()).isEqualTo(10);
        assertThat(watch.size()).isOne();
    }

    @Test
    void aPeerThatAnswersNothingForTheTimeoutHasVanishedAndNoSooner() {
        Link link = link();
        kernel.acknowledges(link.channel);
        kernel.isSilent(link.channel);
        link.send();
        pass(LOOK); // the first look sees that something is unanswered
        pass(TIMEOUT.minus(SWEEP));
        assertThat(link.vanished).isZero();
        pass(SWEEP);
        assertThat(link.vanished).isOne();
        pass(TIMEOUT.multipliedBy(2));
        assertThat(link.vanished).isOne();
        assertThat(watch.size()).isZero();
    }

    @Test
    void aPeerThatWasQuietForHoursIsNotBlamedForThem() {
        Link link = link();
        kernel.acknowledges(link.channel);
        clock.advance(Duration.ofHours(5));
        kernel.isSilent(link.channel);
        link.send();
        pass(TIMEOUT);
        assertThat(link.vanished).isZero();
        kernel.acknowledges(link.channel);
        pass(TIMEOUT);
        assertThat(link.vanished).isZero();
        assertThat(watch.size()).isZero();
    }

    /** The peer is far away, so that something is on its way at each check. */
    @Test
    void aPeerThatIsBehindAtEachLookButAcknowledgesInBetweenIsKept() {
        Link link = link();
        link.send();
        for (int i = 0; i < 200; i++) {
            kernel.keepsUp(link.channel);
            link.send();
            pass(Duration.ofMillis(700));
        }
        assertThat(link.vanished).isZero();
        pass(TIMEOUT.plus(LOOK));
        assertThat(link.vanished).as("but when it stops, its time runs").isOne();
    }

    /** The kernel probes such a peer at ever longer intervals, and the peer acknowledges only the probes. */
    @Test
    void aPeerThatDoesNotReadIsKeptHoweverLongAgoItAcknowledged() {
        Link link = link();
        kernel.doesNotRead(link.channel);
        link.send();
        pass(TIMEOUT.multipliedBy(6));
        assertThat(link.vanished).isZero();
        assertThat(link.watched).as("it may still vanish").isTrue();
        kernel.isSilent(link.channel); // the kernel has asked again
        pass(TIMEOUT.plus(LOOK));
        assertThat(link.vanished).isOne();
    }

    @Test
    void aPeerThatAnswersAtTheLastMomentStartsOver() {
        Link link = link();
        kernel.isSilent(link.channel);
        link.send();
        pass(LOOK.plus(TIMEOUT).minus(SWEEP));
        kernel.keepsUp(link.channel);
        pass(TIMEOUT);
        assertThat(link.vanished).isZero();
        pass(SWEEP);
        assertThat(link.vanished).isOne();
    }

    @Test
    void aLinkThatEndsIsLetGoWithoutAQuestion() {
        Link link = link();
        kernel.isSilent(link.channel);
        link.send();
        link.up = false;
        pass(TIMEOUT.multipliedBy(2));
        assertThat(kernel.asks()).isZero();
        assertThat(watch.size()).isZero();
        assertThat(link.vanished).isZero();
    }

    @Test
    void whereTheTransportCantTellItIsAskedOnceAndNoMore() {
        Link link = link();
        for (int i = 0; i < 100; i++) {
            link.send();
            pass(SWEEP);
        }
        assertThat(kernel.asks()).isOne();
        assertThat(watch.size()).isZero();
        assertThat(link.vanished).isZero();
    }

    @Test
    void withoutATimeoutNobodyIsWatched() {
        DeadPeerDetector off = new DeadPeerDetector(kernel, 0, new ServedTime(clock));
        Link link = link();
        kernel.isSilent(link.channel);
        off.add(link, clock.getAsLong());
        for (int i = 0; i < 100; i++) {
            clock.advance(LOOK);
            off.sweep(clock.getAsLong());
        }
        assertThat(kernel.asks()).isZero();
        assertThat(link.vanished).isZero();
    }

    @Test
    void thoseThatSentInOneMomentAreAskedForInManySweepsAndAllInTwoSeconds() {
        List<Link> links = Stream.generate(this::link).limit(1_600).toList();
        links.forEach(link -> kernel.isSilent(link.channel));
        links.forEach(Link::send);
        pass(LOOK.minus(SWEEP));
        int all = 0;
        for (int i = 0; i < 16; i++) {
            pass(SWEEP);
            int asks = kernel.asks();
            assertThat(asks).isBetween(1, 101);
            all += asks;
        }
        assertThat(all).as("all, and the first ones again").isBetween(1_600, 1_616);
        pass(TIMEOUT.plusSeconds(2));
        assertThat(links.stream().filter(link -> link.vanished == 1)).hasSize(1_600);
    }

    @Test
    void anotherTimeoutHoldsForLinksThatAreWatched() {
        Link link = link().send();
        kernel.isSilent(link.channel);
        pass(Duration.ofSeconds(5));
        watch.timeout(Duration.ofSeconds(6).toNanos());
        pass(LOOK);
        assertThat(link.vanished).isZero();
        pass(LOOK);
        assertThat(link.vanished).isOne();
    }

    @Test
    void withoutATimeoutWatchedLinksAreLetGo() {
        Link link = link().send();
        kernel.isSilent(link.channel);
        watch.timeout(0);
        assertThat(link.watched).isFalse();
        assertThat(watch.size()).isZero();
        assertThat(watch.isOn()).isFalse();
        watch.timeout(TIMEOUT.toNanos());
        link.send();
        pass(LOOK.plus(TIMEOUT).plus(LOOK));
        assertThat(link.vanished).isOne();
    }
}
