package net.voltlane.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "300, 10", "10000, 3600", "2, 1"})
    void everyPlanFitsIntoTheShow(int clients, int seconds) {
        SplittableRandom random = new SplittableRandom(1);
        int cuts = 0;
        for (int i = 0; i < clients; i++) {
            Plan plan = Plan.of(i, clients, seconds, random);
            assertThat(plan.endNanos()).isEqualTo(seconds * 1_000_000_000L);
            assertThat(plan.connectNanos()).isBetween(0L, plan.endNanos() / 5);
            assertThat(plan.pauseNanos()).isPositive();
            if (plan.cutNanos() != Long.MAX_VALUE) {
                cuts++;
                assertThat(plan.cutNanos()).isGreaterThan(plan.connectNanos());
                assertThat(plan.cutNanos() + plan.awayNanos()).isLessThan(plan.endNanos());
            }
        }
        assertThat(cuts).isEqualTo((clients + 2) / 3);
    }
}
