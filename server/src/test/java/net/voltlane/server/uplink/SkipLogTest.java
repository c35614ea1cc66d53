package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.voltlane.server.link.Logged;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;

final class SkipLogTest {
    private final ManualClock clock = new ManualClock();
    private final SkipLog skipLog = new SkipLog(clock);

    @Test
    void warnsAtOnceAndThenAtMostOnceInTenSecondsWithHowManyThereWere() {
        try (Logged log = new Logged(SkipLog.class)) {
            skipLog.skipped("shorter than its tag");
            for (int i = 0; i < 99; i++) {
                skipLog.skipped("of an unknown flag");
            }
            clock.advance(Duration.ofSeconds(10).minusNanos(1));
            skipLog.skipped("of an unknown flag");
            assertThat(log.lines())
                    .containsExactly("WARN 1 packet(s) from the master skipped, the last one shorter than its tag");
            clock.advance(Duration.ofNanos(1));
            skipLog.skipped("of an unknown flag");
            assertThat(log.lines())
                    .hasSize(2)
                    .endsWith("WARN 101 packet(s) from the master skipped, the last one of an unknown flag");
        }
    }
}
