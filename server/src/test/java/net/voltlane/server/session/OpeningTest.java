package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The beginning of a session, and when the master has heard of it. */
@ExtendWith(LeakCheck.class)
final class OpeningTest {
    private final Stage stage = new Stage();

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void aNewKeyOpensALiveSession() {
        FakeLink link = stage.open();
        assertThat(link.told).containsExactly("opened");
        assertThat(stage.sessions.size()).isOne();
        assertThat(stage.sessions.staleSize()).isZero();
        assertThat(stage.count(Metric.SESSIONS_OPENED)).isOne();
    }

    @Test
    void theMasterIsNotToldOfAnOpening() {
        stage.open();
        assertThat(stage.master.told).isEmpty();
    }

    @Test
    void everyOpeningIsASessionOfItsOwn() {
        FakeLink one = stage.open();
        FakeLink two = stage.open();
        stage.data(two.id, "for two");
        stage.data(one.id, "for one");
        assertThat(one.told).containsExactly("opened", "deliver for one");
        assertThat(two.told).containsExactly("opened", "deliver for two");
    }

    @Test
    void theSessionRemembersTheKeyOfItsClient() {
        byte[] key = {9, 9};
        FakeLink link = new FakeLink(stage);
        stage.sessions.open(link, key);
        assertThat(Objects.requireNonNull(stage.find(link.id)).clientKey()).isSameAs(key);
        assertThat(stage.find(link.id + 1)).isNull();
    }

    @Test
    void aSessionThatTheMasterNeverHeardOfEndsWithoutAWord() {
        FakeLink kicked = stage.open();
        FakeLink violating = stage.open();
        FakeLink forgotten = stage.open();
        FakeLink stopped = stage.open();
        stage.sessions.kick(kicked.id);
        kicked.answers();
        violating.violates(Reason.FRAME_TOO_LARGE);
        violating.answers();
        forgotten.isLost();
        stage.passes(Stage.STALE_TIMEOUT);
        stage.sessions.reap();
        stage.sessions.stop(() -> {});
        stopped.answers();
        assertThat(stage.sessions.size()).isZero();
        assertThat(stage.master.told).isEmpty();
    }

    @Test
    void thePacketThatTheMasterSentDoesNotMakeItHaveHeard() {
        FakeLink link = stage.open();
        stage.data(link.id, "guessed");
        stage.sessions.kick(link.id);
        link.answers();
        assertThat(stage.master.told).isEmpty();
    }

    @Test
    void theFirstPacketUpMakesTheMasterHaveHeard() {
        FakeLink link = stage.open().sends("hello");
        stage.sessions.kick(link.id);
        link.answers();
        assertThat(stage.master.told).containsExactly("Data 1 hello", "Failure 1 Client kicked");
    }

    @Test
    void aFirstPacketThatCrossesTheEndIsHeardAsWell() {
        FakeLink link = stage.open();
        stage.sessions.kick(link.id);
        link.sends("crossing");
        link.answers();
        assertThat(stage.master.told).containsExactly("Data 1 crossing", "Failure 1 Client kicked");
    }
}
