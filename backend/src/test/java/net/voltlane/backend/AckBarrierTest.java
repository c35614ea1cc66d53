package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AckBarrierTest {
    private final AckBarrier barrier = new AckBarrier();

    @Test
    void withoutAnswersEverythingMayBeAcknowledged() {
        assertThat(barrier.admits(7, 0)).isEqualTo(7);
    }

    @Test
    void nothingBehindAnAnswerIsAcknowledgedBeforeItIsWritten() {
        barrier.add(7, 100);
        assertThat(barrier.admits(6, 0)).isEqualTo(6);
        assertThat(barrier.admits(9, 99)).isEqualTo(7);
        assertThat(barrier.admits(9, 100)).isEqualTo(9);
        assertThat(barrier.admits(10, 0)).as("for good").isEqualTo(10);
    }

    @Test
    void answersThatComeMeanwhileAreAStageOfTheirOwn() {
        barrier.add(7, 100);
        barrier.add(8, 101);
        barrier.add(12, 150);
        assertThat(barrier.admits(20, 99)).isEqualTo(7);
        assertThat(barrier.admits(20, 100)).isEqualTo(8);
        barrier.add(20, 160);
        assertThat(barrier.admits(30, 149)).isEqualTo(8);
        assertThat(barrier.admits(30, 150)).isEqualTo(20);
        assertThat(barrier.admits(30, 160)).isEqualTo(30);
    }

    @Test
    void aNewPairBeginsWithout() {
        barrier.add(7, 100);
        barrier.add(8, 101);
        barrier.clear();
        assertThat(barrier.admits(20, 0)).isEqualTo(20);
    }
}
