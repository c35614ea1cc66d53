package net.voltlane.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.voltlane.server.link.Logged;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AcceptorTest {
    private static final int ROOM = 3;

    private final ManualClock clock = new ManualClock();
    private final Metrics metrics = new Metrics();
    private final Counters counters = metrics.newCounters();
    private final OpenConnections open = new OpenConnections(counters, clock);
    private final AtomicInteger noneOpen = new AtomicInteger();
    private final Logged log = new Logged(Acceptor.class);
    private final Acceptor acceptor;
    private final EmbeddedChannel listener;
    private final List<EmbeddedChannel> accepted = new ArrayList<>();

    AcceptorTest() {
        open.bound(ROOM);
        acceptor = new Acceptor(open, counters, clock);
        listener = new EmbeddedChannel(acceptor);
    }

    @BeforeEach
    void standStill() {
        listener.freezeTime();
    }

    @AfterEach
    void close() {
        log.close();
        accepted.forEach(EmbeddedChannel::close);
        listener.finishAndReleaseAll();
    }

    /** Has the listening socket accept connections in one tick. */
    private void accepts(int connections) {
        for (int i = 0; i < connections; i++) {
            EmbeddedChannel child = new EmbeddedChannel();
            accepted.add(child);
            listener.pipeline().fireChannelRead(child);
        }
        listener.pipeline().fireChannelReadComplete();
        listener.runPendingTasks();
    }

    private void fails() {
        listener.pipeline().fireExceptionCaught(new IOException("Too many open files"));
    }

    private void closes(int index) {
        accepted.get(index).close();
        listener.runPendingTasks();
    }

    private boolean isAccepting() {
        return listener.config().isAutoRead();
    }

    private int atTheNextChance() {
        return acceptor.reads.maxMessagesPerRead();
    }

    @Test
    void noMoreConnectionsAreAcceptedInATickThanThereIsRoomFor() {
        assertThat(atTheNextChance()).isEqualTo(3);
        accepts(1);
        assertThat(atTheNextChance()).isEqualTo(2);
        assertThat(isAccepting()).isTrue();
        accepts(2);
        assertThat(isAccepting()).isFalse();
        assertThat(open.count()).isEqualTo(3);
    }

    @Test
    void aConnectionThatClosesLetsTheNextOneIn() {
        accepts(3);
        closes(1);
        assertThat(isAccepting()).isTrue();
        assertThat(atTheNextChance()).isOne();
        accepts(1);
        assertThat(isAccepting()).isFalse();
        closes(0);
        closes(2);
        assertThat(isAccepting()).isTrue();
        accepts(1); // one: the room when accepting began again
        assertThat(isAccepting()).isTrue();
        assertThat(atTheNextChance()).isOne();
    }

    @Test
    void withoutRoomNothingIsAcceptedUntilConnectionsClose() {
        accepts(5); // a transport that ignores the limit
        closes(0);
        closes(1);
        assertThat(isAccepting()).isFalse();
        closes(2);
        assertThat(isAccepting()).isTrue();
    }

    @Test
    void anAcceptedConnectionIsHandedOn() {
        accepts(2);
        assertThat(listener.<Object>readInbound()).isSameAs(accepted.get(0));
        assertThat(listener.<Object>readInbound()).isSameAs(accepted.get(1));
    }

    @Test
    void itIsToldAtABoundedRateAndCounted() {
        accepts(3);
        for (int i = 0; i < 50; i++) {
            closes(i);
            accepts(1);
        }
        assertThat(metrics.sum(Metric.ACCEPTS_DELAYED)).isEqualTo(51);
        assertThat(log.lines())
                .containsExactly(
                        "WARN Paused accepting clients 1 time: 3 connections are open, there is no room for more;"
                                + " new clients wait until one closes");
    }

    @Test
    void theLastOneToCloseIsTold() {
        accepts(2);
        open.whenNone(noneOpen::incrementAndGet);
        closes(0);
        assertThat(noneOpen).hasValue(0);
        closes(1);
        assertThat(noneOpen).hasValue(1);
    }

    @Test
    void aFailurePausesForASecond() {
        fails();
        fails();
        assertThat(isAccepting()).isFalse();
        assertThat(metrics.sum(Metric.ACCEPTS_FAILED)).isEqualTo(2);
        assertThat(log.lines()).containsExactly("WARN Failed to accept a client 1 time: too many open files");
        advance(999);
        assertThat(isAccepting()).isFalse();
        advance(1);
        assertThat(isAccepting()).isTrue();
    }

    @Test
    void theEndOfAPauseIsNoReasonToAcceptWhereThereIsNoRoom() {
        accepts(2);
        fails();
        accepts(1);
        advance(1_000);
        assertThat(isAccepting()).isFalse();
        closes(0);
        assertThat(isAccepting()).isTrue();
    }

    @Test
    void roomIsNoReasonToAcceptInAPause() {
        accepts(3);
        fails();
        closes(0);
        assertThat(isAccepting()).isFalse();
        advance(1_000);
        assertThat(isAccepting()).isTrue();
    }

    private void advance(long millis) {
        listener.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        listener.runScheduledPendingTasks();
    }
}
