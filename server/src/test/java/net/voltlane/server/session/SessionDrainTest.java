package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A drain ends sessions one after the other, and those that have something waiting when it has gone. */
@ExtendWith(LeakCheck.class)
final class SessionDrainTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration STEP = Duration.ofMillis(20);

    private final Stage stage = new Stage();
    private SessionDrain drain;

    @AfterEach
    void end() {
        if (drain != null) {
            drain.close();
        }
        stage.close();
    }

    private void begin() {
        drain = stage.sessions.drain(stage.clock.getAsLong(), TIMEOUT.toNanos());
    }

    private boolean step() {
        return drain.step(stage.clock.getAsLong());
    }

    private boolean stepAfter(Duration time) {
        stage.passes(time);
        return step();
    }

    private List<FakeLink> opened(int count) {
        List<FakeLink> links = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            links.add(stage.open());
        }
        return links;
    }

    private static long asked(List<FakeLink> links) {
        return links.stream().filter(FakeLink::isAskedToDetach).count();
    }

    @Test
    void aFewIdleSessionsEndAtOnce() {
        FakeLink one = stage.openHeard();
        FakeLink two = stage.open();
        begin();
        assertThat(step()).isFalse(); // their links have not answered
        one.sends("last words").answers();
        two.answers();
        assertThat(step()).isTrue();
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Data 1 last words", "Failure 1 Server stopping");
        assertThat(stage.count(Metric.ended(Reason.SERVER_STOPPING))).isEqualTo(2);
    }

    @Test
    void manySessionsEndAtTheRateThatEndsAllInTime() {
        List<FakeLink> links = opened(10_000); // more than one step looks at
        begin();
        step();
        assertThat(ended(links)).isEqualTo(SessionDrain.AT_ONCE);
        for (int i = 1; i <= TIMEOUT.toMillis() / STEP.toMillis(); i++) {
            int before = links.size();
            boolean isOver = stepAfter(STEP);
            assertThat(ended(links)).as("ended by step %s", i).isLessThanOrEqualTo(80);
            assertThat(links).hasSizeLessThanOrEqualTo(10_000 - 40 * i); // 2,000 per second
            assertThat(isOver).isEqualTo(before == 0);
        }
        assertThat(links).isEmpty();
    }

    /** Has the links that are asked to end do so; returns how many there were, and takes them from the list. */
    private static int ended(List<FakeLink> links) {
        int before = links.size();
        links.removeIf(link -> {
            if (link.isAskedToDetach()) {
                link.answers();
            }
            return link.isAskedToDetach();
        });
        return before - links.size();
    }

    @Test
    void theRateHasAFloor() {
        List<FakeLink> links = opened(400); // 80 per second would do
        begin();
        for (int i = 0; i <= 51; i++) {
            step();
            stage.passes(STEP);
        }
        assertThat(asked(links)).isEqualTo(400);
    }

    @Test
    void aClientThatHasPacketsToTakeGetsThemFirst() {
        FakeLink slow = stage.openHeard();
        stage.data(slow.id, "one", "two");
        FakeLink idle = stage.openHeard();
        begin();
        step();
        assertThat(idle.isAskedToDetach()).isTrue();
        slow.takes(1);
        stepAfter(STEP);
        assertThat(slow.isAskedToDetach()).isFalse();
        stage.data(slow.id, "three");
        slow.takes(2);
        stepAfter(STEP);
        assertThat(slow.isAskedToDetach()).isTrue();
        slow.answers();
        assertThat(slow.taken).containsExactly("one", "two", "three");
        idle.answers();
        assertThat(step()).isTrue();
    }

    @Test
    void sessionsThatWaitedForTheirClientsDoNotEndAllAtOnce() {
        List<FakeLink> links = opened(1_000);
        links.forEach(link -> stage.data(link.id, "waits"));
        begin();
        for (int i = 0; i < 100; i++) {
            stepAfter(STEP);
        }
        links.forEach(link -> link.takes(1));
        step();
        assertThat(asked(links)).isEqualTo(SessionDrain.AT_ONCE);
    }

    @Test
    void aStaleSessionForWhichNothingWaitsEndsAtOnce() {
        FakeLink gone = stage.openHeard();
        gone.isLost();
        FakeLink slow = stage.openHeard();
        stage.data(slow.id, "waits");
        begin();
        step();
        assertThat(stage.master.told).contains("Failure 1 Server stopping");
        assertThat(slow.isAskedToDetach()).isFalse();
    }

    @Test
    void aStaleSessionKeepsItsPacketsForAsLongAsAnotherHoldsTheDrain() {
        FakeLink gone = stage.openHeard();
        gone.isLost();
        stage.data(gone.id, "missed");
        FakeLink slow = stage.openHeard();
        stage.data(slow.id, "waits");
        begin();
        assertThat(step()).isFalse();
        FakeLink back = stage.resume(gone.id);
        assertThat(back.told).containsExactly("resumed [missed]");
        assertThat(stepAfter(STEP)).isFalse();
        assertThat(back.isAskedToDetach()).isFalse();
        back.takes(1);
        assertThat(stepAfter(STEP)).isFalse();
        assertThat(back.isAskedToDetach()).isTrue();
        back.answers();
        slow.takes(1);
        stepAfter(STEP);
        slow.answers();
        assertThat(step()).isTrue();
    }

    @Test
    void staleSessionsAloneHoldUpNothing() {
        FakeLink gone = stage.openHeard();
        gone.isLost();
        stage.data(gone.id, "missed");
        begin();
        assertThat(step()).isTrue();
        assertThat(stage.sessions.size()).isOne();
    }

    @Test
    void aSessionThatIsMovingIsWaitedFor() {
        FakeLink old = stage.openHeard();
        FakeLink next = stage.resume(old.id);
        begin();
        assertThat(step()).isFalse();
        old.answers();
        assertThat(stepAfter(STEP)).isFalse();
        assertThat(next.told).containsExactly("resumed []", "detach DELIVER");
        next.answers();
        assertThat(step()).isTrue();
    }

    @Test
    void nobodyOpensASession() {
        FakeLink slow = stage.openHeard();
        stage.data(slow.id, "waits");
        begin();
        assertThat(stage.open().told).containsExactly("refused");
        assertThat(stage.count(Metric.REFUSED_DRAINING)).isOne();
    }

    @Test
    void aStopEndsWhatIsLeft() {
        FakeLink slow = stage.openHeard();
        stage.data(slow.id, "waits");
        FakeLink gone = stage.openHeard();
        gone.isLost();
        stage.data(gone.id, "missed");
        begin();
        step();
        drain.close();
        stage.sessions.stop(() -> stage.master.told.add("all ended"));
        slow.answers();
        assertThat(stage.master.told)
                .containsExactly(
                        "Data 1 hello",
                        "Data 2 hello",
                        "Failure 2 Server stopping",
                        "Failure 1 Server stopping",
                        "all ended");
        assertThat(slow.taken).containsExactly("waits");
    }
}
