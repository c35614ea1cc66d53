package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which sessions a new master link is told of: the live ones that the master has heard of. */
@ExtendWith(LeakCheck.class)
final class AnnouncementTest {
    private final Stage stage = new Stage();

    @AfterEach
    void end() {
        stage.close();
    }

    private List<Long> announced() {
        List<Long> ids = new ArrayList<>();
        stage.sessions.announce(ids::add);
        return ids;
    }

    @Test
    void liveOnesThatTheMasterHasHeardOf() {
        FakeLink one = stage.openHeard();
        stage.open();
        FakeLink three = stage.openHeard();
        assertThat(announced()).containsExactlyInAnyOrder(one.id, three.id);
        assertThat(stage.master.told).as("the caller's to send").hasSize(2);
    }

    @Test
    void staleOnesAreNot() {
        FakeLink link = stage.openHeard();
        link.breaks();
        assertThat(announced()).as("lost").isEmpty();
        link.answers();
        assertThat(announced()).as("stale").isEmpty();
        stage.resume(link.id);
        assertThat(announced()).as("resumed").containsExactly(link.id);
    }

    @Test
    void endingOnesAreNot() {
        FakeLink link = stage.openHeard();
        stage.sessions.kick(link.id);
        assertThat(announced()).isEmpty();
        link.answers();
        assertThat(announced()).isEmpty();
    }

    @Test
    void oneThatIsBeingTakenOverIsLive() {
        FakeLink link = stage.openHeard();
        FakeLink next = stage.resume(link.id);
        assertThat(announced()).containsExactly(link.id);
        next.isLost();
        assertThat(announced()).as("nobody is there any more").isEmpty();
    }
}
