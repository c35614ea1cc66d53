package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The events of a session's life as the master's side is told them, with everything that belongs to them. */
@ExtendWith(LeakCheck.class)
final class MasterEventsTest {
    private final Stage stage = new Stage();

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void aWholeLifeIsToldInOrder() {
        FakeLink link = stage.openHeard().sends("more");
        stage.data(link.id, "an answer");
        link.isLost();
        FakeLink next = stage.resume(link.id, Stage.address("2001:db8::7")).sends("again");
        stage.sessions.kick(link.id, Bytes.utf8("no cheating"));
        next.answers();
        assertThat(stage.master.life)
                .containsExactly(
                        "opened 1 192.0.2.1:4711",
                        "data follows 1",
                        "suspended 1 reset",
                        "resumed 1 [2001:db8::7]:4711",
                        "data follows 1",
                        "ended 1 Client kicked, no cheating, 3 up, next down 2");
    }

    @Test
    void aLinkThatStillLookedAliveIsTakenOver() {
        FakeLink old = stage.open();
        stage.resume(old.id);
        old.answers();
        assertThat(stage.master.life).containsExactly("opened 1 192.0.2.1:4711", "taken over 1 192.0.2.1:4711");
    }

    @Test
    void aKickDuringATakeoverKeepsItsWords() {
        FakeLink old = stage.open();
        FakeLink next = stage.resume(old.id);
        stage.sessions.kick(old.id, Bytes.utf8("bye"));
        old.answers();
        next.answers();
        assertThat(stage.master.life).last().isEqualTo("ended 1 Client kicked, bye, 0 up, next down 1");
    }

    @Test
    void aKickBehindALossKeepsItsWords() {
        FakeLink link = stage.open();
        link.breaks();
        stage.sessions.kick(link.id, Bytes.utf8("bye"));
        link.answers();
        assertThat(stage.master.life).last().isEqualTo("ended 1 Client kicked, bye, 0 up, next down 1");
        FakeLink stale = stage.open();
        stale.isLost();
        stage.sessions.kick(stale.id, Bytes.utf8("you too"));
        assertThat(stage.master.life).last().isEqualTo("ended 2 Client kicked, you too, 0 up, next down 1");
    }

    @Test
    void theMasterTakesNoWordsBackThatAnEndHadBefore() {
        FakeLink link = stage.open();
        stage.sessions.kick(link.id, Bytes.utf8("first"));
        stage.sessions.kick(link.id, Bytes.utf8("second"));
        link.answers();
        assertThat(stage.master.life).last().isEqualTo("ended 1 Client kicked, first, 0 up, next down 1");
    }
}
