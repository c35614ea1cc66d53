package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Packets that are kept for a stale session: their order and their bounds. */
@ExtendWith(LeakCheck.class)
final class MissedPacketsTest {
    private static final long ANY = 1_000_000;

    @Test
    void whatComesWhileStaleIsKeptInOrder() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            link.isLost();
            stage.data(link.id, "one", "", "three");
            assertThat(stage.resume(link.id).told).containsExactly("resumed [one, , three]");
        }
    }

    @Test
    void leftoversComeFirst() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            stage.data(link.id, "taken", "left", "left too");
            link.takes(1);
            link.breaks();
            stage.data(link.id, "before the detach is answered");
            link.answers();
            stage.data(link.id, "after it");
            assertThat(stage.resume(link.id).told)
                    .containsExactly("resumed [left, left too, before the detach is answered, after it]");
        }
    }

    @Test
    void whatTheNextLinkCouldNotTakeEitherIsLeftOverAgain() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            stage.data(link.id, "one", "two");
            link.isLost();
            stage.data(link.id, "three", "four");
            FakeLink next = stage.resume(link.id);
            stage.data(link.id, "five");
            next.takes(1);
            next.isLost();
            stage.data(link.id, "six");
            assertThat(stage.resume(link.id).told).containsExactly("resumed [two, three, four, five, six]");
        }
    }

    @Test
    void exactlyTheConfiguredNumberIsKept() {
        try (Stage stage = new Stage(Stage.missedBounds(3, ANY))) {
            FakeLink link = stage.openHeard();
            link.isLost();
            stage.data(link.id, "one", "two", "three");
            assertThat(stage.resume(link.id).told).containsExactly("resumed [one, two, three]");
        }
    }

    @Test
    void oneMoreFailsTheSession() {
        try (Stage stage = new Stage(Stage.missedBounds(3, ANY))) {
            FakeLink link = stage.openHeard();
            link.isLost();
            stage.data(link.id, "one", "two", "three", "four");
            assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Missed packets overflow");
            assertThat(stage.sessions.size()).isZero();
            assertThat(stage.budget.heldBytes()).isZero();
        }
    }

    @Test
    void withRoomForNoneTheFirstFailsTheSession() {
        try (Stage stage = new Stage(Stage.missedBounds(0, ANY))) {
            FakeLink link = stage.openHeard();
            link.isLost();
            assertThat(stage.sessions.staleSize()).isOne();
            stage.data(link.id, "one");
            assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Missed packets overflow");
        }
    }

    @Test
    void leftoversDoNotCountNotEvenWithRoomForNone() {
        try (Stage stage = new Stage(Stage.missedBounds(0, 0))) {
            FakeLink link = stage.openHeard();
            stage.data(link.id, "one", "two");
            link.isLost();
            assertThat(stage.resume(link.id).told).containsExactly("resumed [one, two]");
        }
    }

    @Test
    void leftoversTakeNoRoomFromWhatIsMissed() {
        try (Stage stage = new Stage(Stage.missedBounds(2, 2 * (4 + 3)))) {
            FakeLink link = stage.openHeard();
            stage.data(link.id, "a long leftover", "another");
            link.isLost();
            stage.data(link.id, "one", "two");
            assertThat(stage.resume(link.id).told).containsExactly("resumed [a long leftover, another, one, two]");
        }
    }

    @Test
    void afterAResumeTheBoundsBeginAnew() {
        try (Stage stage = new Stage(Stage.missedBounds(2, ANY))) {
            FakeLink link = stage.openHeard();
            link.isLost();
            stage.data(link.id, "one", "two");
            stage.resume(link.id).isLost();
            stage.data(link.id, "three", "four");
            assertThat(stage.resume(link.id).told).containsExactly("resumed [one, two, three, four]");
        }
    }

    @Test
    void bytesAreBoundedAsWellPrefixesIncluded() {
        try (Stage stage = new Stage(Stage.missedBounds(100, 20))) {
            FakeLink link = stage.openHeard();
            link.isLost();
            stage.data(link.id, "123456", "123456"); // 2 * (4 + 6) bytes
            assertThat(stage.sessions.staleSize()).as("just up to the bound").isOne();
            stage.data(link.id, "");
            assertThat(stage.master.told).endsWith("Failure 1 Missed packets overflow");
        }
    }

    @Test
    void oneByteOverTheBoundFailsTheSession() {
        try (Stage stage = new Stage(Stage.missedBounds(100, 20))) {
            FakeLink link = stage.openHeard();
            link.isLost();
            stage.data(link.id, "123456", "1234567");
            assertThat(stage.master.told).endsWith("Failure 1 Missed packets overflow");
        }
    }

    @Test
    void oneLargePacketAlwaysFits() {
        try (Stage stage = new Stage(Stage.missedBounds(2, 5))) {
            FakeLink link = stage.openHeard();
            link.isLost();
            stage.data(link.id, "larger than the bound");
            assertThat(stage.sessions.staleSize()).isOne();
            stage.data(link.id, "");
            assertThat(stage.master.told).endsWith("Failure 1 Missed packets overflow");
        }
    }

    @Test
    void aLargeLeftoverDoesNotTakeThePlaceOfTheOneLargePacket() {
        try (Stage stage = new Stage(Stage.missedBounds(2, 5))) {
            FakeLink link = stage.openHeard();
            stage.data(link.id, "larger than the bound");
            link.isLost();
            stage.data(link.id, "as large as it was");
            assertThat(stage.resume(link.id).told)
                    .containsExactly("resumed [larger than the bound, as large as it was]");
        }
    }

    @Test
    void theBoundHoldsAlsoBeforeTheLostLinkHasAnswered() {
        try (Stage stage = new Stage(Stage.missedBounds(1, ANY))) {
            FakeLink link = stage.openHeard();
            link.breaks();
            stage.data(link.id, "one", "two");
            assertThat(stage.find(link.id)).isNull();
            assertThat(stage.master.told).as("its last data may be on its way").containsExactly("Data 1 hello");
            link.sends("last words").answers();
            assertThat(stage.master.told)
                    .containsExactly("Data 1 hello", "Data 1 last words", "Failure 1 Missed packets overflow");
        }
    }

    @Test
    void whatIsKeptIsChargedAndTakenBackWithTheResume() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            stage.data(link.id, "left");
            link.isLost();
            assertThat(stage.budget.heldBytes()).isEqualTo(4 + 4);
            stage.data(link.id, "missed");
            assertThat(stage.budget.heldBytes()).isEqualTo(4 + 4 + 4 + 6);
            stage.resume(link.id);
            assertThat(stage.budget.heldBytes()).as("the link's to charge now").isZero();
        }
    }

    @Test
    void whatIsKeptGoesWithTheSession() {
        try (Stage stage = new Stage()) {
            FakeLink link = stage.openHeard();
            stage.data(link.id, "left");
            link.isLost();
            stage.data(link.id, "missed");
            stage.passes(Stage.STALE_TIMEOUT);
            stage.sessions.reap();
            assertThat(stage.budget.heldBytes()).isZero();
        }
    }
}
