package net.voltlane.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TallyTest {

    @Test
    void aShowWithoutAFlawIsPerfect() {
        assertThat(perfect().isPerfect(3)).isTrue();
        assertThat(Report.table(perfect(), 3)).endsWith("Nothing was lost, and nothing came twice.");
    }

    static Stream<Consumer<Tally>> flaws() {
        return Stream.of(
                tally -> tally.connected.decrement(),
                tally -> tally.sentByClients.increment(),
                tally -> tally.sentByBackend.increment(),
                tally -> tally.takenByBackend.decrement(),
                tally -> tally.takenByClients.decrement(),
                tally -> tally.twice.increment(),
                tally -> tally.mixedUp.increment(),
                tally -> tally.links.cut(),
                tally -> tally.firehoses.cut(),
                tally -> tally.failed("x"));
    }

    @ParameterizedTest
    @MethodSource("flaws")
    void anyFlawIsAFailure(Consumer<Tally> flaw) {
        Tally tally = perfect();
        flaw.accept(tally);

        assertThat(tally.isPerfect(3)).isFalse();
        assertThat(Report.table(tally, 3)).last().asString().startsWith("FAILED");
    }

    @Test
    void aShowInWhichNothingHappenedShowsNothing() {
        Tally silent = new Tally();
        silent.connected.add(3);
        silent.links.cut();
        silent.links.resumed();
        assertThat(silent.isPerfect(3)).isFalse();

        Tally uncut = new Tally();
        uncut.connected.add(3);
        uncut.sentByClients.add(1);
        uncut.takenByBackend.add(1);
        uncut.sentByBackend.add(1);
        uncut.takenByClients.add(1);
        assertThat(uncut.isPerfect(3)).isFalse();
    }

    @Test
    void theFirstFailureIsTheOneThatIsTold() {
        Tally tally = perfect();
        tally.failed("first");
        tally.failed("second");

        assertThat(Report.table(tally, 3)).last().isEqualTo("FAILED: 2 failures, the first: first");
    }

    @Test
    void latenciesAreRanked() {
        Tally tally = new Tally();
        assertThat(tally.latencyNanos(0.5)).isZero();

        for (int i = 2000; i >= 1; i--) {
            tally.latency(i);
        }

        assertThat(tally.latencyNanos(0.5)).isEqualTo(1000);
        assertThat(tally.latencyNanos(0.99)).isEqualTo(1980);
        assertThat(tally.latencyNanos(1)).isEqualTo(2000);
    }

    private static Tally perfect() {
        Tally tally = new Tally();
        tally.connected.add(3);
        tally.sentByClients.add(10);
        tally.takenByBackend.add(10);
        tally.sentByBackend.add(15);
        tally.takenByClients.add(15);
        tally.links.cut();
        tally.links.resumed();
        tally.firehoses.cut();
        tally.firehoses.resumed();
        return tally;
    }
}
