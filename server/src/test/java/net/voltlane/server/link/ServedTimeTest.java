package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import net.voltlane.testkit.ManualClock;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;

final class ServedTimeTest {
    private static final Duration SWEEP = Duration.ofMillis(100);
    /** The most that a pause costs a deadline. */
    private static final Duration LATE = Duration.ofMillis(250);

    private final ManualClock clock = new ManualClock();
    private final ServedTime time = new ServedTime(clock);
    private final ServedTime.Loop loop = time.join(() -> true);

    private final long start = time.getAsLong();

    private Duration served() {
        return Duration.ofNanos(time.getAsLong() - start);
    }

    private Duration waited() {
        return Duration.ofNanos(clock.getAsLong() - time.waitedSinceNanos());
    }

    private void runs(Duration by, ServedTime.Loop... loops) {
        for (Duration left = by; left.compareTo(Duration.ZERO) > 0; left = left.minus(SWEEP)) {
            clock.advance(SWEEP);
            for (ServedTime.Loop each : loops) {
                assertThat(each.tick()).isTrue();
            }
        }
    }

    private void pauses(Duration by) {
        clock.advance(by);
    }

    @Test
    void runsWithTheClockWhileItsLoopIsServed() {
        runs(Duration.ofMinutes(10), loop);
        assertThat(served()).isEqualTo(Duration.ofMinutes(10));
        assertThat(waited()).isZero();
        clock.advance(Duration.ofMillis(70));
        assertThat(served()).isEqualTo(Duration.ofMinutes(10).plusMillis(70));
    }

    @Test
    void withoutLoopsItRunsWithTheClock() {
        ServedTime free = new ServedTime(clock);
        long before = free.getAsLong();
        clock.advance(Duration.ofDays(1));
        assertThat(free.getAsLong() - before).isEqualTo(Duration.ofDays(1).toNanos());
    }

    @Test
    void standsWhileItsLoopIsLateWhoeverAsks() {
        runs(SWEEP, loop);
        pauses(Duration.ofMinutes(7));
        assertThat(served()).as("before anybody has noticed").isEqualTo(SWEEP.plus(LATE));
        assertThat(loop.tick()).as("may judge before it has read").isFalse();
        clock.advance(SWEEP.dividedBy(2));
        assertThat(served()).as("until it has read its sockets").isEqualTo(SWEEP.plus(LATE));
        clock.advance(SWEEP.dividedBy(2));
        assertThat(loop.tick()).isTrue();
        assertThat(served()).isEqualTo(SWEEP.plus(LATE));
        runs(Duration.ofSeconds(1), loop);
        assertThat(served()).isEqualTo(SWEEP.plus(LATE).plusSeconds(1));
    }

    @Test
    void aPauseRightAfterAnotherIsNoReasonToJudge() {
        for (int i = 0; i < 5; i++) {
            pauses(Duration.ofMinutes(1));
            assertThat(loop.tick()).isFalse();
        }
        runs(SWEEP, loop);
        assertThat(served()).isEqualTo(LATE);
    }

    @Test
    void standsUntilTheLastLoopHasReadWhicheverWakesFirst() {
        ServedTime.Loop other = time.join(() -> true);
        runs(SWEEP, loop, other);
        pauses(Duration.ofSeconds(30));
        loop.tick();
        clock.advance(SWEEP);
        assertThat(loop.tick()).isTrue();
        runs(Duration.ofSeconds(5), loop);
        assertThat(served()).as("the other one hangs").isEqualTo(SWEEP.plus(LATE));
        assertThat(other.tick()).isFalse();
        assertThat(loop.tick()).isTrue();
        runs(SWEEP, loop, other);
        assertThat(served()).isEqualTo(SWEEP.plus(LATE));
        runs(SWEEP, loop, other);
        assertThat(served()).isEqualTo(SWEEP.multipliedBy(2).plus(LATE));
    }

    @Test
    void whatComesAfterAPauseMayHaveWaitedSinceItBegan() {
        runs(Duration.ofSeconds(60), loop);
        pauses(Duration.ofSeconds(3));
        assertThat(waited()).as("before anybody has noticed").isEqualTo(Duration.ofSeconds(3));
        loop.tick();
        assertThat(waited()).isEqualTo(Duration.ofSeconds(3));
        runs(Duration.ofSeconds(9), loop);
        assertThat(waited()).as("there may be much to read").isEqualTo(Duration.ofSeconds(12));
        runs(Duration.ofSeconds(2), loop);
        assertThat(waited()).isZero();
    }

    @Test
    void aSecondPauseDoesNotEndTheFirstOnesBacklog() {
        pauses(Duration.ofSeconds(60));
        loop.tick();
        runs(Duration.ofSeconds(1), loop);
        pauses(Duration.ofSeconds(2));
        assertThat(waited()).isEqualTo(Duration.ofSeconds(63));
        loop.tick();
        runs(Duration.ofSeconds(1), loop);
        assertThat(waited()).isEqualTo(Duration.ofSeconds(64));
    }

    @Test
    void aPauseNowAndThenSavesNothingUpForEver() {
        for (int i = 0; i < 600; i++) {
            pauses(LATE.plusMillis(50));
            assertThat(loop.tick()).isFalse();
            runs(Duration.ofSeconds(3), loop);
            assertThat(waited())
                    .as("pause %d", i)
                    .isGreaterThan(Duration.ofSeconds(3))
                    .isLessThan(Duration.ofSeconds(25));
        }
        runs(Duration.ofSeconds(10), loop);
        assertThat(waited()).isZero();
    }

    @Test
    void aLongPauseIsRememberedForAsLongAsItsBacklogTakes() {
        pauses(Duration.ofMinutes(5));
        loop.tick();
        for (int i = 0; i < 3; i++) {
            runs(Duration.ofSeconds(3), loop);
            assertThat(waited()).isGreaterThan(Duration.ofMinutes(5));
            pauses(Duration.ofSeconds(1));
            loop.tick();
        }
        runs(Duration.ofSeconds(3), loop);
        assertThat(waited()).isLessThan(Duration.ofSeconds(25));
    }

    @Test
    void aLoopThatIsAlwaysLateGoesOnJudgingAtHalfTheSpeedOrMore() {
        for (int lateMillis : new int[] {200, 1_000, 10_000}) {
            Duration gap = SWEEP.plusMillis(lateMillis);
            Duration before = served();
            Duration passed = Duration.ZERO;
            int judged = 0;
            int ticks = 200;
            for (int i = 0; i < ticks; i++) {
                clock.advance(gap);
                passed = passed.plus(gap);
                judged += loop.tick() ? 1 : 0;
            }
            Duration allowance = gap.multipliedBy(9);
            assertThat(served().minus(before))
                    .as("late by %d ms each time", lateMillis)
                    .isGreaterThanOrEqualTo(passed.minus(allowance).dividedBy(2));
            assertThat(judged).isGreaterThanOrEqualTo(ticks - 8);
            assertThat(waited()).as("nothing is saved up for ever").isLessThanOrEqualTo(gap);
            runs(Duration.ofMinutes(1), loop);
        }
    }

    @Test
    void whatBeginsBeforeAnOverloadedLoopTicksIsNotChargedForThePause() {
        late(9);
        pauses(Duration.ofMinutes(33));
        long begun = time.getAsLong();
        assertThat(loop.tick()).as("has no pardon left").isTrue();
        assertThat(Duration.ofNanos(time.getAsLong() - begun)).isLessThan(LATE);
    }

    @Test
    void aPauseThatWasPardonedStaysSoWhereTheNextOneIsNot() {
        late(7);
        Duration before = served();
        pauses(Duration.ofMinutes(10));
        assertThat(loop.tick()).as("the last pardon").isFalse();
        pauses(Duration.ofSeconds(1));
        assertThat(loop.tick()).as("has no pardon left").isTrue();
        assertThat(served().minus(before)).isLessThan(LATE.plusSeconds(1));
    }

    private void late(int times) {
        for (int i = 0; i < times; i++) {
            pauses(Duration.ofSeconds(1));
            loop.tick();
        }
    }

    @Test
    void loopsThatAreLateInTurnDoNotStopItEither() {
        ServedTime.Loop other = time.join(() -> true);
        Duration before = served();
        for (int i = 0; i < 200; i++) {
            clock.advance(Duration.ofMillis(500));
            (i % 2 == 0 ? loop : other).tick();
        }
        assertThat(served().minus(before)).isGreaterThan(Duration.ofSeconds(40));
    }

    @Test
    void aLoopThatRecoversMayBePausedAgain() {
        for (int i = 0; i < 100; i++) {
            pauses(Duration.ofSeconds(1));
            loop.tick();
        }
        runs(Duration.ofSeconds(10), loop);
        Duration before = served();
        pauses(Duration.ofMinutes(1));
        assertThat(loop.tick()).isFalse();
        runs(SWEEP, loop);
        assertThat(served().minus(before)).isEqualTo(LATE);
    }

    @Test
    void neverRunsBackwardsNorFasterThanTheClock() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            ServedTime.Loop[] loops = {loop, time.join(() -> true), time.join(() -> true)};
            long begun = clock.getAsLong();
            long beginning = time.getAsLong();
            long last = beginning;
            for (int i = 0; i < 10_000; i++) {
                int most = random.nextInt(50) == 0 ? 100_000 : 120;
                clock.advance(Duration.ofMillis(random.nextInt(most)));
                if (random.nextInt(3) > 0) {
                    loops[random.nextInt(loops.length)].tick();
                }
                long now = time.getAsLong();
                assertThat(now - last).as("step %d", i).isNotNegative();
                assertThat(now - beginning).isLessThanOrEqualTo(clock.getAsLong() - begun);
                assertThat(time.waitedSinceNanos() - clock.getAsLong()).isLessThanOrEqualTo(0);
                last = now;
            }
        });
    }
}
