package net.voltlane.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.voltlane.server.link.Logged;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two listeners that share room for three connections. */
final class OpenConnectionsTest {
    private final ManualClock clock = new ManualClock();
    private final Metrics metrics = new Metrics();
    private final Counters counters = metrics.newCounters();
    private final Logged log = new Logged(Acceptor.class);
    private final OpenConnections open = new OpenConnections(counters, clock);
    private final Listening one;
    private final Listening two;

    OpenConnectionsTest() {
        open.bound(3);
        one = new Listening();
        two = new Listening();
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
        log.close();
    }

    /** A listening socket, and the connections that it has accepted. */
    private final class Listening {
        private final Acceptor acceptor = new Acceptor(open, counters, clock);
        final EmbeddedChannel socket = new EmbeddedChannel(acceptor);
        final List<EmbeddedChannel> accepted = new ArrayList<>();

        void accepts(int connections) {
            for (int i = 0; i < connections; i++) {
                accepted.add(new EmbeddedChannel());
                socket.pipeline().fireChannelRead(accepted.get(accepted.size() - 1));
            }
            socket.pipeline().fireChannelReadComplete();
            runLoop();
        }

        void closes(int index) {
            accepted.get(index).close();
            runLoop();
        }

        boolean isAccepting() {
            return socket.config().isAutoRead();
        }

        int atTheNextChance() {
            return acceptor.reads.maxMessagesPerRead();
        }

        void close() {
            accepted.forEach(EmbeddedChannel::close);
            socket.finishAndReleaseAll();
        }
    }

    private void runLoop() {
        one.socket.runPendingTasks();
        two.socket.runPendingTasks();
    }

    @Test
    void whatOneAcceptsTheOtherMayNot() {
        one.accepts(1);
        assertThat(one.atTheNextChance()).isEqualTo(2);
        assertThat(two.atTheNextChance()).isEqualTo(2);
        two.accepts(2);
        assertThat(one.isAccepting()).isFalse();
        assertThat(two.isAccepting()).isFalse();
        assertThat(open.count()).isEqualTo(3);
        assertThat(open.free()).isZero();
    }

    @Test
    void aConnectionThatClosesLetsTheOtherListenerGoOn() {
        one.accepts(3);
        one.closes(0);
        assertThat(two.isAccepting()).isTrue();
        assertThat(two.atTheNextChance()).isOne();
        two.accepts(1);
        assertThat(one.isAccepting()).isFalse();
        assertThat(two.isAccepting()).isFalse();
        two.closes(0);
        assertThat(one.isAccepting()).isTrue();
        assertThat(two.isAccepting()).isTrue();
    }

    @Test
    void aPauseOfOneIsNotThePauseOfTheOther() {
        one.socket.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        assertThat(one.isAccepting()).isFalse();
        assertThat(two.isAccepting()).isTrue();
        two.accepts(3);
        two.closes(0);
        assertThat(one.isAccepting()).as("a free place ends no pause").isFalse();
        assertThat(two.isAccepting()).isTrue();
    }

    @Test
    void afterOneListenerHasClosedTheOtherIsStillTold() {
        two.accepts(3);
        one.socket.close();
        runLoop();
        two.closes(1);
        assertThat(two.isAccepting()).isTrue();
    }

    @Test
    void aListenerThatIsJustClosingDoesNotKeepTheOthersFromGoingOn() {
        OpenConnections here = new OpenConnections(counters, clock);
        here.bound(1);
        EmbeddedChannel closing = new EmbeddedChannel(new NeverInactive(), new Acceptor(here, counters, clock));
        EmbeddedChannel other = new EmbeddedChannel(new Acceptor(here, counters, clock));
        EmbeddedChannel connection = new EmbeddedChannel();
        other.pipeline().fireChannelRead(connection).fireChannelReadComplete();
        closing.close();
        connection.close();
        other.runPendingTasks();
        assertThat(other.config().isAutoRead()).isTrue();
        other.finishAndReleaseAll();
    }

    /** Keeps the end of its channel from those behind it, as if it were still to be told. */
    private static final class NeverInactive extends ChannelInboundHandlerAdapter {
        @Override
        public void channelInactive(ChannelHandlerContext ctx) {}
    }

    @Test
    void aListenerThatHasClosedIsForgotten() {
        one.socket.close();
        runLoop();
        two.accepts(3);
        assertThat(two.isAccepting()).isFalse();
        assertThat(one.isAccepting()).as("nobody changes its settings any more").isTrue();
    }

    @Test
    void thatThereIsNoRoomIsToldOnceForAll() {
        one.accepts(2);
        two.accepts(1);
        two.accepts(0);
        assertThat(metrics.sum(Metric.ACCEPTS_DELAYED)).isOne();
        assertThat(log.lines()).hasSize(1);
    }

    @Test
    void theLastConnectionOfAllIsTold() {
        AtomicInteger none = new AtomicInteger();
        one.accepts(1);
        two.accepts(1);
        open.whenNone(none::incrementAndGet);
        one.closes(0);
        assertThat(none).hasValue(0);
        two.closes(0);
        assertThat(none).hasValue(1);
    }

    @Test
    void thatNoneIsOpenIsToldAtOnce() {
        AtomicInteger none = new AtomicInteger();
        open.whenNone(none::incrementAndGet);
        assertThat(none).hasValue(1);
    }
}
