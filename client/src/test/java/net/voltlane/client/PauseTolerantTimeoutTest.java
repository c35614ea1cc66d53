package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;

class PauseTolerantTimeoutTest {
    private static final Duration PIECE = Duration.ofMillis(500);

    private final ManualClock clock = new ManualClock();
    private final PauseTolerantTimeout wait =
            new PauseTolerantTimeout(Duration.ofSeconds(10).toNanos(), clock.getAsLong());

    private boolean isOverAfter(Duration more) {
        clock.advance(more);
        return wait.isOver(clock.getAsLong());
    }

    @Test
    void isOverWhenSoMuchTimeHasPassed() {
        for (int i = 1; i < 20; i++) {
            assertThat(isOverAfter(PIECE)).as("after %d pieces", i).isFalse();
            assertThat(wait.pieceMillis()).isEqualTo(500);
        }
        assertThat(isOverAfter(PIECE)).isTrue();
    }

    @Test
    void timeInWhichThisProcessWasStoppedDoesNotCount() {
        assertThat(isOverAfter(Duration.ofMinutes(5))).isFalse();
        for (int i = 0; i < 18; i++) {
            assertThat(isOverAfter(PIECE)).as("after %d pieces more", i).isFalse();
        }
        assertThat(isOverAfter(PIECE)).isTrue();
    }

    @Test
    void timePassesHoweverDataComesIn() {
        int drops = 0;
        while (!isOverAfter(Duration.ofMillis(10))) {
            drops++;
        }
        assertThat(drops).isEqualTo(999);
    }

    @Test
    void theLastPieceIsWhatIsLeft() {
        for (int i = 0; i < 19; i++) {
            isOverAfter(PIECE);
        }
        isOverAfter(Duration.ofMillis(420));
        assertThat(wait.pieceMillis()).isEqualTo(80);
        assertThat(isOverAfter(Duration.ofMillis(80).minusNanos(1))).isFalse();
        assertThat(wait.pieceMillis()).as("0 would be for ever").isEqualTo(1);
    }
}
