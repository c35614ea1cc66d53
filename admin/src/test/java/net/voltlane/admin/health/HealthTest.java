package net.voltlane.admin.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.voltlane.server.ServerState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HealthTest {
    @Test
    void aServerThatListensAndHasItsMasterIsReady() {
        assertThat(Health.readiness(ServerState.LISTENING, true)).isEqualTo(new Health(true, List.of()));
    }

    @Test
    void aServerWithoutItsMasterIsNotReady() {
        assertThat(Health.readiness(ServerState.LISTENING, false).reasons())
                .containsExactly("the master is not connected");
    }

    @ParameterizedTest
    @EnumSource(
            value = ServerState.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"LISTENING"})
    void aServerInAnyOtherStateIsNotReady(ServerState state) {
        Health health = Health.readiness(state, true);

        assertThat(health.isFine()).isFalse();
        assertThat(health.reasons()).hasSize(1);
    }

    @Test
    void allReasonsAreTold() {
        assertThat(Health.readiness(ServerState.DIALLING, false).reasons())
                .containsExactly("clients are not accepted yet", "the master is not connected");
        assertThat(Health.readiness(ServerState.DRAINING, true).reasons()).containsExactly("draining");
    }

    @ParameterizedTest
    @CsvSource({
        "LISTENING, 0, true",
        "DIALLING, 9.999, true",
        "LISTENING, 10, false",
        "DRAINING, 12, false",
        "STOPPED, 12, true",
        "FAILED, 0, false",
    })
    void aServerLivesUnlessAThreadHangsOrItHasFailed(ServerState state, double lagSeconds, boolean alive) {
        assertThat(Health.liveness(state, lagSeconds).isFine()).isEqualTo(alive);
    }

    @Test
    void aHungThreadIsToldWithItsTime() {
        assertThat(Health.liveness(ServerState.LISTENING, 12.345).reasons())
                .containsExactly("a thread that serves clients has not run for 12 s");
    }
}
