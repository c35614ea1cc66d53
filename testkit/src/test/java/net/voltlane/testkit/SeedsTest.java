package net.voltlane.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeedsTest {
    @Test
    void aFailureTellsTheSeedAndHowToRepeatIt() {
        AtomicLong used = new AtomicLong();
        assertThatThrownBy(() -> Seeds.run(seed -> {
                    used.set(seed);
                    throw new IllegalStateException("broken");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dvoltlane.seed=" + used.get())
                .hasMessageContaining("broken")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPassingTestIsLeftAlone() {
        AtomicLong runs = new AtomicLong();
        Seeds.run(seed -> runs.incrementAndGet());
        assertThat(runs).hasValue(1);
    }
}
