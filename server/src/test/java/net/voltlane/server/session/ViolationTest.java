package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.protocol.Reason;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that breaks a rule, or does not read, ends its own session and no other. */
@ExtendWith(LeakCheck.class)
final class ViolationTest {
    private final Stage stage = new Stage();

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void aFrameTooLargeEndsTheSessionBehindWhatCameBeforeIt() {
        FakeLink link = stage.openHeard().sends("still legal");
        stage.data(link.id, "for it");
        link.violates(Reason.FRAME_TOO_LARGE);
        link.answers();
        assertThat(stage.master.told)
                .containsExactly("Data 1 hello", "Data 1 still legal", "Failure 1 Frame too large");
        assertThat(link.taken).as("what the master sent before is delivered").containsExactly("for it");
    }

    @Test
    void aFrameTooLargeLeavesNothingToResume() {
        FakeLink link = stage.openHeard();
        link.violates(Reason.FRAME_TOO_LARGE);
        assertThat(stage.resume(link.id).told).containsExactly("refused");
        link.answers();
        assertThat(stage.resume(link.id).told).containsExactly("refused");
    }

    @Test
    void aLiveClientThatDoesNotReadFails() {
        FakeLink link = stage.openHeard();
        stage.data(link.id, "too", "much");
        link.violates(Reason.BUFFER_OVERFLOW);
        assertThat(link.told).last().isEqualTo("detach DISCARD");
        link.answers();
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Buffer overflow");
        assertThat(stage.resume(link.id).told).containsExactly("refused");
    }

    @Test
    void noOtherSessionIsTouched() {
        FakeLink bad = stage.openHeard();
        FakeLink good = stage.openHeard();
        FakeLink stale = stage.openHeard();
        stale.isLost();
        stage.passes(Duration.ofSeconds(1));
        bad.violates(Reason.FRAME_TOO_LARGE);
        bad.answers();
        stage.data(good.id, "for good");
        stage.data(stale.id, "for stale");
        assertThat(good.told).containsExactly("opened", "deliver for good");
        assertThat(stage.resume(stale.id).told).containsExactly("resumed [for stale]");
    }
}
