package net.voltlane.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ManualClockTest {
    @Test
    void standsStillUntilItIsMoved() {
        ManualClock clock = new ManualClock(7);
        assertThat(clock.getAsLong()).isEqualTo(7);
        assertThat(clock.getAsLong()).isEqualTo(7);
        clock.advance(Duration.ofNanos(5));
        assertThat(clock.getAsLong()).isEqualTo(12);
    }

    @Test
    void wrapsSoonSoThatComparingReadingsDirectlyIsFoundOut() {
        ManualClock clock = new ManualClock();
        long before = clock.getAsLong();
        clock.advance(Duration.ofSeconds(2));
        assertThat(clock.getAsLong()).isLessThan(before);
        assertThat(clock.getAsLong() - before).isEqualTo(Duration.ofSeconds(2).toNanos());
    }

    @Test
    void doesNotRunBackwards() {
        assertThatThrownBy(() -> new ManualClock().advance(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
