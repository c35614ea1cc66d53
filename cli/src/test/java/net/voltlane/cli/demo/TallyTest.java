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
        assertThat(Report.table(perfect(), 3)).endsWith("Nothing was lost or mixed up.");
    }

    static Stream<Consumer<Tally>> flaws() {
        return Stream.of(
                tally -> tally.connected--,
                tally -> tally.sent = tally.echoed = 0,
                tally -> tally.echoed--,
                tally -> tally.lost++,
                tally -> tally.mixedUp++,
                tally -> tally.resumed--,
                tally -> tally.newsReceived--,
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
        tally.connected = 3;
        tally.sent = tally.echoed = 10;
        tally.cutOff = tally.resumed = 1;
        tally.newsSent = tally.newsReceived = 5;
        return tally;
    }
}
