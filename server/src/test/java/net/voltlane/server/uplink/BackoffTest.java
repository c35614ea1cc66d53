package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    private static long[] delays(Backoff backoff, int count) {
        return LongStream.generate(backoff::nextDelayNanos).limit(count).toArray();
    }

    private static long[] millis(long... millis) {
        return LongStream.of(millis).map(m -> m * 1_000_000).toArray();
    }

    @Test
    void delaysDoubleUpToACap() {
        long nearlyOne = 1_000_000 - 1; // the generator never says 1
        long[] most = delays(new Backoff(() -> nearlyOne / 1_000_000.0), 9);
        long[] full = millis(100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000);
        for (int i = 0; i < full.length; i++) {
            assertThat(most[i]).isBetween(full[i] - full[i] / 1_000_000 - 1, full[i]);
        }
    }

    @Test
    void chanceTakesUpToHalfOfThem() {
        assertThat(delays(new Backoff(() -> 0.0), 8)).containsExactly(millis(50, 100, 200, 400, 800, 1600, 2500, 2500));
        assertThat(delays(new Backoff(() -> 0.5), 3)).containsExactly(millis(75, 150, 300));
    }

    @Test
    void aLinkThatLivedForAWhileStartsItOver() {
        Backoff backoff = new Backoff(() -> 0.0);
        delays(backoff, 4);
        backoff.linkLived(Backoff.STABLE_NANOS - 1);
        assertThat(backoff.nextDelayNanos()).as("a master that dies at once").isEqualTo(millis(800)[0]);
        backoff.linkLived(Backoff.STABLE_NANOS);
        assertThat(delays(backoff, 2)).containsExactly(millis(50, 100));
    }

    @Test
    void fiveSecondsAreAWhile() {
        assertThat(Backoff.STABLE_NANOS).isEqualTo(millis(5000)[0]);
    }
}
