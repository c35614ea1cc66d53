package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A new master link is told of the live sessions that the master knows, and of no other. */
@ExtendWith(LeakCheck.class)
final class AnnouncementTest {
    private final Stage stage = new Stage();

    @AfterEach
    void end() {
        stage.close();
    }

    /** Earlier links have taken everything that was queued. */
    private List<Long> announced() {
        return announced(stage.master.position());
    }

    private List<Long> announced(long sent) {
        List<Long> ids = new ArrayList<>();
        stage.sessions.announce(sent, ids::add);
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
    void oneWhoseFirstPacketStillWaitsIsAnnouncedByThatPacket() {
        FakeLink one = stage.openHeard(); // packet 0
        FakeLink two = stage.openHeard(); // packet 1
        one.sends("more"); // packet 2
        assertThat(announced(0)).isEmpty();
        assertThat(announced(1)).containsExactly(one.id);
        assertThat(announced(2)).containsExactlyInAnyOrder(one.id, two.id);
    }

    @Test
    void oneThatCameBackWhileItsFirstPacketWaitsIsNot() {
        FakeLink link = stage.openHeard();
        link.isLost();
        stage.resume(link.id).sends("again");
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Reconnection 1", "Data 1 again");
        assertThat(announced(0)).as("all of that waits").isEmpty();
        assertThat(announced(1)).as("it came back when the master knew it").containsExactly(link.id);
    }

    @Test
    void oneThatCameBackAndSaidNothingYetIsNot() {
        FakeLink link = stage.open();
        link.isLost();
        FakeLink back = stage.resume(link.id);
        assertThat(announced()).isEmpty();
        back.sends("hello");
        assertThat(announced()).containsExactly(link.id);
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
