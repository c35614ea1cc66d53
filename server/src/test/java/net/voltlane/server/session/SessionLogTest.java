package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import net.voltlane.protocol.Reason;
import net.voltlane.server.link.Logged;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Log lines at Debug about one session, which answer "why was this player dropped?". */
@ExtendWith(LeakCheck.class)
final class SessionLogTest {
    @Test
    void atDebugASessionsOpeningLossResumeAndEndAreTold() {
        try (Logged log = new Logged(Sessions.class, Level.DEBUG);
                Stage stage = new Stage()) {
            stage.open().sends("hello").sends("again").isLost();
            stage.data(1, "missed");
            stage.passes(Duration.ofMillis(1_500));
            FakeLink back = stage.resume(1);
            back.from = "198.51.100.7";
            back.sends("x");
            back.takes(1);
            stage.data(1, "12345");
            stage.sessions.kick(1);
            back.answers();
            assertThat(log.lines())
                    .containsExactly(
                            "DEBUG Session 1 opened by 192.0.2.1",
                            "DEBUG Session 1 lost its link from 192.0.2.1: reset; it can be resumed for 10 s",
                            "DEBUG Session 1 resumed by 192.0.2.1; 1 packet came meanwhile",
                            "DEBUG Session 1 ended: Client kicked; last link from 192.0.2.1, lived 1.5 s,"
                                    + " sent 3 packets (11 bytes), was sent 2 packets (11 bytes), resumed once");
        }
    }

    @Test
    void aTakeoverNamesBothAddresses() {
        try (Logged log = new Logged(Sessions.class, Level.DEBUG);
                Stage stage = new Stage()) {
            FakeLink old = stage.open();
            FakeLink next = new FakeLink(stage);
            next.from = "2001:db8::7";
            ResumeToken token = stage.find(1);
            assertThat(token).isNotNull();
            stage.sessions.resume(next, token);
            old.answers();
            stage.sessions.kick(1);
            next.answers();
            assertThat(log.lines())
                    .contains(
                            "DEBUG Session 1 moves to a new link from 2001:db8::7: the one from 192.0.2.1 still looked"
                                    + " alive",
                            "DEBUG Session 1 resumed by 2001:db8::7; 0 packets came meanwhile")
                    .last()
                    .asString()
                    .contains("last link from 2001:db8::7");
        }
    }

    @Test
    void everyWayToEndIsToldWithItsReason() {
        try (Logged log = new Logged(Sessions.class, Level.DEBUG);
                Stage stage = new Stage()) {
            FakeLink tooFast = stage.open();
            tooFast.violates(Reason.RATE_LIMIT);
            tooFast.answers();
            stage.open().isLost();
            stage.passes(Stage.STALE_TIMEOUT);
            stage.resume(2); // too late
            stage.sessions.reap();
            FakeLink last = stage.open();
            stage.sessions.stop(() -> {});
            last.answers();
            assertThat(log.lines().stream().filter(line -> line.contains("ended")))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("DEBUG Session 1 ended: Rate limit; "),
                            line -> assertThat(line)
                                    .isEqualTo("DEBUG Session 2 not resumed by 192.0.2.1: it has ended meanwhile"),
                            line -> assertThat(line).startsWith("DEBUG Session 2 ended: Client disconnected; "),
                            line -> assertThat(line).startsWith("DEBUG Session 3 ended: Server stopping; "));
        }
    }

    @Test
    void endsAreToldAtInfoWhereTheSettingsSaySo() {
        try (Logged log = new Logged(Sessions.class, Level.INFO);
                Stage stage = new Stage()) {
            FakeLink first = stage.open();
            first.sends("hello");
            stage.sessions.settings(Stage.logsEnds(true));
            stage.sessions.kick(1);
            first.answers();
            FakeLink second = stage.open();
            stage.sessions.settings(Stage.logsEnds(false));
            stage.sessions.kick(2);
            second.answers();
            assertThat(log.lines())
                    .containsExactly("INFO Session 1 ended: Client kicked; last link from 192.0.2.1, lived 0 s,"
                            + " sent 1 packet (5 bytes), was sent 0 packets (0 bytes), resumed 0 times");
            assertThat(log.fields(0))
                    .containsExactly(
                            "event=session_ended",
                            "session=1",
                            "address=192.0.2.1",
                            "reason=Client kicked",
                            "seconds=0.0",
                            "packets_up=1",
                            "bytes_up=5",
                            "packets_down=0",
                            "bytes_down=0",
                            "resumes=0");
        }
    }

    @Test
    void anEndIsToldOnceAtDebugAndAtInfo() {
        try (Logged log = new Logged(Sessions.class, Level.DEBUG);
                Stage stage = new Stage()) {
            FakeLink link = stage.open();
            stage.sessions.settings(Stage.logsEnds(true));
            stage.sessions.kick(1);
            link.answers();
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("ended"))
                    .singleElement()
                    .asString()
                    .startsWith("INFO ");
        }
    }

    @Test
    void aboveDebugNothingIsTold() {
        try (Logged log = new Logged(Sessions.class, Level.INFO);
                Stage stage = new Stage()) {
            stage.open().isLost();
            FakeLink back = stage.resume(1);
            stage.sessions.kick(1);
            back.answers();
            assertThat(log.lines()).isEmpty();
        }
    }
}
