package net.voltlane.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenBucketTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualClock clock = new ManualClock();
    private final TokenBucket bucket = new TokenBucket(SECOND.toNanos(), clock.getAsLong());

    private int takeAll(long perSec) {
        int taken = 0;
        while (bucket.take(clock.getAsLong(), clock.getAsLong(), perSec)) {
            taken++;
        }
        return taken;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 10, 999, 10_000})
    void aBurstIsOneSecondsWorth(int perSec) {
        assertThat(takeAll(perSec)).isEqualTo(perSec);
        clock.advance(SECOND);
        assertThat(takeAll(perSec)).as("a second later").isEqualTo(perSec);
        clock.advance(Duration.ofHours(1));
        assertThat(takeAll(perSec)).as("no more is saved up").isEqualTo(perSec);
    }

    @Test
    void tokensComeBackOneByOne() {
        assertThat(takeAll(10)).isEqualTo(10);
        clock.advance(Duration.ofMillis(99));
        assertThat(takeAll(10)).isZero();
        clock.advance(Duration.ofMillis(1));
        assertThat(takeAll(10)).isOne();
        clock.advance(Duration.ofMillis(350));
        assertThat(takeAll(10)).isEqualTo(3);
        clock.advance(Duration.ofMillis(50));
        assertThat(takeAll(10)).as("the half of before and this one").isOne();
    }

    @Test
    void whatIsRefusedCostsNothing() {
        takeAll(1);
        for (int i = 0; i < 100; i++) {
            assertThat(bucket.take(clock.getAsLong(), clock.getAsLong(), 1)).isFalse();
        }
        clock.advance(SECOND);
        assertThat(bucket.take(clock.getAsLong(), clock.getAsLong(), 1)).isTrue();
    }

    @Test
    void whatIsSpentBeyondItsTokensHasToComeBack() {
        bucket.spend(clock.getAsLong(), 100, 100);
        assertThat(bucket.isOverdrawn(clock.getAsLong()))
                .as("just what was there")
                .isFalse();
        bucket.spend(clock.getAsLong(), 250, 100);
        assertThat(bucket.isOverdrawn(clock.getAsLong())).isTrue();
        clock.advance(Duration.ofMillis(2_499));
        assertThat(bucket.isOverdrawn(clock.getAsLong())).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(bucket.isOverdrawn(clock.getAsLong())).isFalse();
        assertThat(bucket.take(clock.getAsLong(), clock.getAsLong(), 100))
                .as("nothing owed, nothing left")
                .isFalse();
    }

    @Test
    void aLargeReadOfASlowClientIsNoOverflow() {
        bucket.spend(clock.getAsLong(), (1L << 32) - 1, 1);
        clock.advance(SECOND.multipliedBy((1L << 32) - 3));
        assertThat(bucket.isOverdrawn(clock.getAsLong())).isTrue();
        clock.advance(SECOND);
        assertThat(bucket.isOverdrawn(clock.getAsLong())).isFalse();
    }

    @Test
    void itIsFullAgainWhenNobodyCanTell() {
        assertThat(bucket.isFull(clock.getAsLong())).isTrue();
        bucket.take(clock.getAsLong(), clock.getAsLong(), 4);
        assertThat(bucket.isFull(clock.getAsLong())).isFalse();
        clock.advance(Duration.ofMillis(249));
        assertThat(bucket.isFull(clock.getAsLong())).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(bucket.isFull(clock.getAsLong())).isTrue();
    }

    @Test
    void anotherRateHoldsFromTheNextTokenOn() {
        assertThat(takeAll(2)).isEqualTo(2);
        clock.advance(Duration.ofMillis(500));
        assertThat(takeAll(100)).isEqualTo(50);
    }
}
