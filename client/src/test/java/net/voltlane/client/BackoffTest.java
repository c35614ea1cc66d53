package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {

    private static final long SECOND = 1_000_000_000L;

    private static long[] waits(Backoff backoff, int count) {
        return LongStream.generate(backoff::nextNanos).limit(count).toArray();
    }

    @Test
    void theBoundDoublesUpToTheCap() {
        Backoff backoff = new Backoff(SECOND / 2, 30 * SECOND, () -> 1);
        assertThat(waits(backoff, 9))
                .containsExactly(
                        SECOND / 2,
                        SECOND,
                        2 * SECOND,
                        4 * SECOND,
                        8 * SECOND,
                        16 * SECOND,
                        30 * SECOND,
                        30 * SECOND,
                        30 * SECOND);
    }

    @Test
    void theWholeOfTheBoundIsLeftToChanceAndAtTheCapToo() {
        Backoff shortest = new Backoff(SECOND, 2 * SECOND, () -> 0);
        assertThat(waits(shortest, 4)).containsOnly(0);
        Backoff middle = new Backoff(SECOND, 2 * SECOND, () -> 0.5);
        assertThat(waits(middle, 4)).containsExactly(SECOND / 2, SECOND, SECOND, SECOND);
    }

    @Test
    void onlyALinkThatHasLivedLetsItStartOver() {
        Backoff backoff = new Backoff(SECOND, 30 * SECOND, () -> 1);
        waits(backoff, 3);
        backoff.linkLived(Duration.ofSeconds(5).toNanos() - 1);
        assertThat(backoff.nextNanos()).isEqualTo(8 * SECOND);
        backoff.linkLived(Duration.ofSeconds(5).toNanos());
        assertThat(backoff.nextNanos()).isEqualTo(SECOND);
    }

    @Test
    void aServerThatAnswersIsAskedAgainSoonHoweverLongTheWaitsHaveGrown() {
        Backoff backoff = new Backoff(SECOND / 2, 30 * SECOND, () -> 1);
        waits(backoff, 9);
        assertThat(backoff.nanosAfterAnswer()).isEqualTo(SECOND);
        assertThat(new Backoff(SECOND, SECOND, () -> 1).nanosAfterAnswer()).isEqualTo(SECOND);
        assertThat(new Backoff(SECOND, 30 * SECOND, () -> 0.25).nanosAfterAnswer())
                .isEqualTo(SECOND / 2);
    }

    @Test
    void aCapWithoutEndDoesNotOverflow() {
        Backoff backoff = new Backoff(SECOND, Long.MAX_VALUE, () -> 0.999);
        assertThat(LongStream.of(waits(backoff, 100))).allMatch(wait -> wait > 0);
    }
}
