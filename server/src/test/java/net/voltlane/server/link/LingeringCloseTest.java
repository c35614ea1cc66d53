package net.voltlane.server.link;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class LingeringCloseTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ManualClock clock = new ManualClock();
    private final ManualLoop loop = new ManualLoop(clock);
    private final Deadlines<Channel> deadlines = new Deadlines<>(LingeringClose.LIMIT_NANOS, LingeringClose::reset);
    private final FakeChannel channel = FakeChannel.connected(loop);

    private void begin(Channel which) {
        which.pipeline().addLast(new IgnoringErrors());
        LingeringClose.begin(which, TcpTransport.INSTANCE, deadlines, clock.getAsLong());
        loop.run();
    }

    private void sweep(Duration after) {
        clock.advance(after);
        deadlines.run(clock.getAsLong());
        loop.run();
    }

    @Test
    void shutsTheOutputDiscardsWhatComesAndClosesAtThePeersFin() {
        channel.config().setAutoRead(false);
        begin(channel);
        assertThat(channel.isOutputShutdown()).isTrue();
        assertThat(channel.isOpen()).isTrue();
        channel.receives(utf8("what nobody reads any more"));
        loop.run();
        assertThat(channel.unreadBytes()).isZero();
        channel.finished();
        loop.run();
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.wasReset()).isFalse();
        assertThat(deadlines.items()).isEmpty();
    }

    @Test
    void theRestOfTheOutputIsDropped() {
        channel.takes(3);
        ByteBuf six = ByteBufAllocator.DEFAULT.directBuffer().writeBytes(utf8("abcdef"));
        channel.pipeline().addLast(new IgnoringErrors());
        channel.writeAndFlush(six);
        begin(channel);
        assertThat(channel.taken()).isEqualTo(utf8("abc"));
        assertThat(six.refCnt()).isZero();
        channel.close();
    }

    @Test
    void aPeerThatDoesNotCloseIsResetAtTheLimit() {
        begin(channel);
        sweep(LIMIT.minusNanos(1));
        assertThat(channel.isOpen()).isTrue();
        channel.receives(utf8("however much it sends"));
        sweep(Duration.ofNanos(1));
        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.wasReset()).isTrue();
    }

    @Test
    void aBrokenLinkCostsNothingMore() {
        begin(channel);
        channel.broken(new java.io.IOException("reset by peer"));
        loop.run();
        assertThat(deadlines.items()).isEmpty();
        sweep(LIMIT);
        assertThat(channel.wasReset()).isFalse();
    }

    @Test
    void aChannelThatIsClosedAlreadyWaitsForNobody() {
        channel.close();
        begin(channel);
        assertThat(deadlines.items()).isEmpty();
    }

    @Test
    void aChannelThatCanNotBeShutInPartIsClosed() {
        EmbeddedChannel embedded = new EmbeddedChannel();
        begin(embedded);
        assertThat(embedded.isOpen()).isFalse();
        assertThat(deadlines.items()).isEmpty();
    }
}
