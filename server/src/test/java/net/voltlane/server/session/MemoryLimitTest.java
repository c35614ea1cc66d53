package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** At the memory limit the sessions that hold most fail first, and no more of them than it takes. */
@ExtendWith(LeakCheck.class)
final class MemoryLimitTest {
    private static final long LIMIT = 1600;
    /** The sum that has to be reached by failing sessions. */
    private static final long GOAL = 1500;

    private static Stage stage() {
        long[] id = {0};
        return new Stage(Stage.ROOMY, LIMIT, () -> ++id[0]);
    }

    /** Opens a session whose link holds so many bytes for its client. */
    private static FakeLink holding(Stage stage, long bytes) {
        FakeLink link = stage.openHeard();
        link.held = bytes;
        stage.budget.charge(bytes);
        return link;
    }

    /** The link holds nothing any more, and answers if it was asked to detach. */
    private static void answers(Stage stage, FakeLink link) {
        stage.budget.charge(-link.held);
        link.held = 0;
        if (link.isAskedToDetach()) {
            link.answers();
        }
    }

    @Test
    void theBiggestFailsFirst() {
        try (Stage stage = stage()) {
            FakeLink small = holding(stage, 400);
            FakeLink big = holding(stage, 900);
            FakeLink middle = holding(stage, 500);
            stage.sessions.shed();
            assertThat(big.told).last().isEqualTo("detach DISCARD");
            answers(stage, big);
            assertThat(stage.master.told).last().isEqualTo("Failure 2 Memory limit");
            assertThat(small.told).containsExactly("opened");
            assertThat(middle.told).containsExactly("opened");
            assertThat(stage.budget.heldBytes()).isLessThanOrEqualTo(GOAL);
            answers(stage, small);
            answers(stage, middle);
        }
    }

    @Test
    void manySmallOnesOfOneAddressFailBeforeALargerOneOfAnother() {
        try (Stage stage = stage()) {
            FakeLink honest = holding(stage, 500);
            FakeLink[] crowd = new FakeLink[12];
            for (int i = 0; i < crowd.length; i++) {
                crowd[i] = stage.open(Stage.address("198.51.100.1")).sends("hello");
                crowd[i].held = 100L + i;
                stage.budget.charge(crowd[i].held);
            }
            stage.sessions.shed(); // 1766 held: 266 too much
            assertThat(honest.told).containsExactly("opened");
            for (int i = 0; i < crowd.length; i++) {
                assertThat(crowd[i].told.contains("detach DISCARD")).isEqualTo(i >= 9);
            }
            answers(stage, honest);
            for (FakeLink link : crowd) {
                answers(stage, link);
            }
        }
    }

    @Test
    void asManyFailAsItTakesForAMargin() {
        try (Stage stage = stage()) {
            FakeLink[] links = {holding(stage, 150), holding(stage, 151), holding(stage, 152), holding(stage, 1250)};
            links[3].held = 100; // the rest of the sum is held for nobody here
            stage.sessions.shed(); // 1703 held: 203 too much, and 152 + 151 is what that takes
            assertThat(links[0].told).containsExactly("opened");
            assertThat(links[1].told).contains("detach DISCARD");
            assertThat(links[2].told).contains("detach DISCARD");
            assertThat(links[3].told).containsExactly("opened");
            stage.budget.charge(-1150);
            for (FakeLink link : links) {
                answers(stage, link);
            }
        }
    }

    @Test
    void atTheLimitNobodyFails() {
        try (Stage stage = stage()) {
            FakeLink link = holding(stage, LIMIT);
            stage.sessions.shed();
            assertThat(link.told).containsExactly("opened");
            answers(stage, link);
        }
    }

    @Test
    void aSessionThatHoldsNothingNeverFails() {
        try (Stage stage = stage()) {
            FakeLink idle = stage.openHeard();
            stage.budget.charge(2 * LIMIT);
            stage.sessions.shed();
            stage.budget.charge(-2 * LIMIT);
            assertThat(idle.told).containsExactly("opened");
        }
    }

    @Test
    void whatCountsAgainstNobodyCostsNobodyItsSession() {
        try (Stage stage = stage()) {
            FakeLink link = holding(stage, 1200);
            stage.budget.hold(3 * LIMIT);
            stage.sessions.shed();
            assertThat(link.told).containsExactly("opened");

            FakeLink small = holding(stage, 401);
            stage.sessions.shed();
            assertThat(small.told).containsExactly("opened");
            assertThat(link.told).last().isEqualTo("detach DISCARD");
            stage.budget.hold(-3 * LIMIT);
            answers(stage, link);
            answers(stage, small);
        }
    }

    @Test
    void whatAStaleSessionMissedCountsAndIsFreeAtOnce() {
        try (Stage stage = stage()) {
            FakeLink stale = stage.openHeard();
            stale.isLost();
            stage.data(stale.id, "x".repeat(900));
            FakeLink live = holding(stage, 800);
            stage.sessions.shed();
            assertThat(stage.master.told).endsWith("Failure 1 Memory limit");
            assertThat(stage.budget.heldBytes()).isEqualTo(800);
            assertThat(live.told).containsExactly("opened");
            answers(stage, live);
        }
    }

    @Test
    void linkAndMissedOfOneSessionAreAddedUp() {
        try (Stage stage = stage()) {
            FakeLink both = holding(stage, 500);
            FakeLink other = holding(stage, 700);
            FakeLink next = stage.resume(both.id);
            stage.data(both.id, "x".repeat(400));
            stage.sessions.shed();
            assertThat(next.told).containsExactly("refused");
            answers(stage, both);
            assertThat(stage.master.told).endsWith("Failure 1 Memory limit");
            assertThat(other.told).containsExactly("opened");
            answers(stage, other);
        }
    }

    @Test
    void whatEndingSessionsHoldIsAsGoodAsFree() {
        try (Stage stage = stage()) {
            FakeLink ending = holding(stage, 600);
            FakeLink other = holding(stage, 1000);
            stage.sessions.kick(ending.id);
            stage.sessions.shed();
            assertThat(other.told).containsExactly("opened");
            answers(stage, ending);
            assertThat(stage.master.told).last().isEqualTo("Failure 1 Client kicked");
            answers(stage, other);
        }
    }

    @Test
    void aSessionOnItsWayToAnEndOrAResumeFailsInsteadWhenItsMemoryIsNeeded() {
        try (Stage stage = stage()) {
            FakeLink old = stage.openHeard();
            FakeLink next = stage.resume(old.id);
            stage.data(old.id, "x".repeat(1600));
            stage.sessions.kick(old.id);
            stage.sessions.shed();
            assertThat(next.told).containsExactly("refused");
            old.answers();
            assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Memory limit");
            assertThat(stage.count(Metric.ENDED_MEMORY_LIMIT)).isOne();
        }
    }
}
