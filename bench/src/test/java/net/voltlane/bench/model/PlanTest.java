package net.voltlane.bench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlanTest {

    private static final InetSocketAddress SOMEWHERE = InetSocketAddress.createUnresolved("somewhere", 1);

    @ParameterizedTest
    @EnumSource
    void everyScenarioHasAPlanAndAWord(Scenario scenario) {
        assertThat(Plan.of(scenario).scenario()).isEqualTo(scenario);
        assertThat(Scenario.of(scenario.word())).isEqualTo(scenario);
    }

    @Test
    void whatIsWrongIsNamedAndWhatIsExpectedIsSaid() {
        assertThatThrownBy(() -> new Load(0, 64, 1, 0, 64, 0, 1))
                .hasMessage("clients: 0 (expected: a whole number from 1 to 1000000)");
        assertThatThrownBy(() -> new Load(1, 3, 1, 0, 64, 0, 1))
                .hasMessage("size: 3 (expected: a whole number from 4 to 8388599)");
        assertThatThrownBy(() -> new Load(70_000, 7, 1, 0, 64, 0, 1))
                .hasMessageStartingWith("size: 7 (expected: at least 8");
        assertThatThrownBy(() -> new Timing(Duration.ZERO, Duration.ofMillis(99)))
                .hasMessage("duration: 0.099 (expected: seconds from 0.1 to 86400)");
        assertThatThrownBy(() -> new Generator(0, 1, 2)).hasMessageStartingWith("threads: 0 ");
    }

    @ParameterizedTest
    @EnumSource(names = {"FAN_OUT", "STALLED"})
    void aScenarioInWhichTheBackendActsNeedsTheBenchForIt(Scenario scenario) {
        assertThatThrownBy(() -> with(scenario, Load.defaults(scenario), new Target(SOMEWHERE, null, 0)))
                .hasMessageContaining("expected: --backend HOST:PORT");
    }

    @Test
    void aBackendOrAProcessWithoutAServerIsAMistake() {
        assertThatThrownBy(() -> new Target(null, SOMEWHERE, 0)).hasMessageContaining("together with --server");
        assertThatThrownBy(() -> new Target(null, null, 7)).hasMessageContaining("together with --server");
    }

    @Test
    void whatAScenarioDoesNotHaveIsAMistake() {
        assertMistake(Scenario.IDLE, new Load(1, 64, 2, 0, 64, 0, 1), "depth: 2 ");
        assertMistake(Scenario.ECHO, new Load(1, 64, 1, 0, 64, 3, 1), "rounds: 3 ");
        assertMistake(Scenario.RESUME_STORM, new Load(1, 64, 1, 9, 64, 0, 1), "rate: 9 ");
        assertMistake(Scenario.FAN_OUT, new Load(1, 64, 1, 0, 64, 0, 1), "rate: 0 ");
        assertMistake(Scenario.ECHO, new Load(1, 64, 2, 9, 64, 0, 1), "depth: 2 ");
    }

    private static void assertMistake(Scenario scenario, Load load, String message) {
        assertThatThrownBy(() -> with(scenario, load, Target.STARTED))
                .isInstanceOf(InvalidPlanException.class)
                .hasMessageStartingWith(message);
    }

    private static Plan with(Scenario scenario, Load load, Target target) {
        return new Plan(scenario, load, Timing.defaults(scenario), Generator.DEFAULT, target);
    }
}
