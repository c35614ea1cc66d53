package net.voltlane.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final long DAY_NANOS = 86_400_000_000_000L;

    @Test
    void messagesAreDueAtEvenDistances() {
        Schedule schedule = new Schedule(1_000, 4);

        assertThat(schedule.dueNanos(0)).isEqualTo(1_000);
        assertThat(schedule.dueNanos(1)).isEqualTo(250_001_000);
        assertThat(schedule.dueNanos(4)).isEqualTo(1_000_001_000);
    }

    @Test
    void aRateThatDoesNotDivideASecondDoesNotDrift() {
        Schedule schedule = new Schedule(0, 3);

        assertThat(schedule.dueNanos(1)).isEqualTo(333_333_333);
        assertThat(schedule.dueNanos(3L * 86_400)).isEqualTo(DAY_NANOS);
    }

    @Test
    void nothingIsDueBeforeTheStartAndOneAtIt() {
        Schedule schedule = new Schedule(500, 10);

        assertThat(schedule.dueBy(499)).isZero();
        assertThat(schedule.dueBy(500)).isEqualTo(1);
        assertThat(schedule.dueBy(100_000_499)).isEqualTo(1);
        assertThat(schedule.dueBy(100_000_500)).isEqualTo(2);
    }

    @Test
    void aMessageIsDueFromItsMomentOnAndNotBefore() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 20_000; i++) {
                long start = random.nextLong(DAY_NANOS) - DAY_NANOS / 2;
                Schedule schedule = new Schedule(start, 1 + random.nextLong(2_000_000));
                long number = random.nextLong(100_000_000);
                long due = schedule.dueNanos(number);
                assertThat(schedule.dueBy(due)).as("%s, %s", schedule, number).isGreaterThan(number);
                assertThat(schedule.dueBy(due - 1))
                        .as("%s, %s", schedule, number)
                        .isLessThanOrEqualTo(number);
            }
        });
    }
}
