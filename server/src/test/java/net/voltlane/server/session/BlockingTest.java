package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** With the policy {@code block} the firehose waits until a slow client reads, is lost, or ends. */
@ExtendWith(LeakCheck.class)
final class BlockingTest {
    private final Stage stage = new Stage();

    @AfterEach
    void end() {
        stage.close();
    }

    private FakeLink blocking() {
        FakeLink link = stage.openHeard();
        stage.sessions.blocked(link);
        assertThat(stage.master.blocked).isTrue();
        return link;
    }

    @Test
    void theFirehoseWaitsUntilTheClientHasCaughtUp() {
        FakeLink link = blocking();
        stage.sessions.unblocked(link);
        assertThat(stage.master.blocked).isFalse();
    }

    @Test
    void itWaitsForTheLastOfSeveral() {
        FakeLink one = blocking();
        FakeLink two = blocking();
        stage.sessions.unblocked(one);
        assertThat(stage.master.blocked).isTrue();
        stage.sessions.unblocked(two);
        assertThat(stage.master.blocked).isFalse();
        assertThat(stage.count(Metric.FIREHOSE_BLOCKED)).isOne();
    }

    @Test
    void aClientIsWaitedForOnceHoweverOftenItSays() {
        FakeLink link = blocking();
        stage.sessions.blocked(link);
        stage.sessions.unblocked(link);
        stage.sessions.unblocked(link);
        assertThat(stage.master.blocked).isFalse();
        stage.sessions.blocked(link);
        assertThat(stage.master.blocked).isTrue();
    }

    @Test
    void aLostClientIsNotWaitedFor() {
        FakeLink link = blocking();
        link.breaks();
        assertThat(stage.master.blocked).isFalse();
        stage.sessions.unblocked(link);
        link.answers();
        assertThat(stage.master.blocked).isFalse();
    }

    @Test
    void aClientThatEndsIsNotWaitedFor() {
        FakeLink kicked = blocking();
        stage.sessions.kick(kicked.id);
        assertThat(stage.master.blocked).isFalse();
        kicked.answers();

        FakeLink violating = blocking();
        violating.violates(Reason.FRAME_TOO_LARGE);
        assertThat(stage.master.blocked).isFalse();
        violating.answers();

        blocking();
        stage.sessions.stop(() -> {});
        assertThat(stage.master.blocked).isFalse();
    }

    @Test
    void aTakeoverEndsTheWaitForTheOldLink() {
        FakeLink old = blocking();
        FakeLink next = stage.resume(old.id);
        assertThat(stage.master.blocked).isFalse();
        old.answers();
        stage.sessions.blocked(next);
        assertThat(stage.master.blocked).isTrue();
        stage.sessions.unblocked(old); // what the old link still says concerns nobody
        assertThat(stage.master.blocked).isTrue();
    }

    @Test
    void aBlockThatCrossesTheDetachDoesNotCount() {
        FakeLink link = stage.openHeard();
        link.breaks();
        stage.sessions.blocked(link);
        assertThat(stage.master.blocked).isFalse();
        link.answers();
        stage.passes(Duration.ofSeconds(1));
        stage.sessions.blocked(link);
        assertThat(stage.master.blocked).isFalse();
    }

    @Test
    void theOthersAreStillWaitedForWhenOneIsLost() {
        FakeLink one = blocking();
        FakeLink two = blocking();
        one.isLost();
        assertThat(stage.master.blocked).isTrue();
        two.isLost();
        assertThat(stage.master.blocked).isFalse();
    }
}
