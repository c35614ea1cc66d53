package net.voltlane.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Credentials count as held bytes for as long as their session is kept, and are given back once. */
@ExtendWith(LeakCheck.class)
final class CredentialsTest {
    private final Stage stage = new Stage();

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void theyAreHeldUntilTheirSessionEnds() {
        CountedLink link = CountedLink.open(stage, new byte[20]);
        assertThat(stage.budget.heldBytes()).isEqualTo(20);
        link.isLost();
        assertThat(stage.budget.heldBytes()).isEqualTo(20);
        stage.sessions.kick(link.id);
        assertThat(stage.budget.heldBytes()).isZero();
    }

    @Test
    void aSessionThatEndsBehindTheServerGivesThemBackNoSecondTime() {
        CountedLink.open(stage, new byte[20]).isLost();
        stage.sessions.release();
        assertThat(stage.budget.heldBytes()).isZero();
        stage.passes(Stage.STALE_TIMEOUT);
        stage.sessions.reap();
        assertThat(stage.sessions.size()).isZero();
        assertThat(stage.budget.heldBytes()).isZero();
    }

    @Test
    void nobodyOpensASessionOnceTheServerHasEnded() {
        stage.sessions.release();
        CountedLink late = CountedLink.open(stage, new byte[20]);
        assertThat(late.told).containsExactly("refused STOPPING");
        assertThat(stage.sessions.size()).isZero();
        assertThat(stage.budget.heldBytes()).isZero();
    }
}
