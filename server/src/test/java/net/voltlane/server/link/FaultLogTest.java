package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class FaultLogTest {
    private final ManualClock clock = new ManualClock();
    private final FaultLog faults =
            new FaultLog(LoggerFactory.getLogger(FaultLogTest.class), "fault(s) of strangers", clock);

    @Test
    void warnsAtOnceAndThenAtMostOnceInTenSecondsWithHowManyThereWere() {
        try (Logged log = new Logged(FaultLogTest.class)) {
            faults.warn("no key");
            for (int i = 0; i < 99; i++) {
                faults.warn("no answer");
            }
            clock.advance(Duration.ofSeconds(10).minusNanos(1));
            faults.warn("no answer");
            assertThat(log.lines()).containsExactly("WARN 1 fault(s) of strangers, the last: no key");
            clock.advance(Duration.ofNanos(1));
            faults.warn("no frame");
            assertThat(log.lines()).hasSize(2).endsWith("WARN 101 fault(s) of strangers, the last: no frame");
        }
    }

    @Test
    void ofManyPeersOneIsNamed() {
        try (Logged log = new Logged(FaultLogTest.class)) {
            faults.warn("no key", "192.0.2.1");
            for (int i = 0; i < 99; i++) {
                faults.warn("no key", new Object() {
                    @Override
                    public String toString() {
                        throw new AssertionError("made for no line");
                    }
                });
            }
            clock.advance(Duration.ofSeconds(10));
            faults.warn("no frame", "192.0.2.2");
            assertThat(log.lines())
                    .containsExactly(
                            "WARN 1 fault(s) of strangers, the last: no key, from 192.0.2.1",
                            "WARN 100 fault(s) of strangers, the last: no frame, from 192.0.2.2");
        }
    }

    @Test
    void whatBreaksALinkIsNoErrorButAMistakeOfOursIsToldAtOnceHoweverManyFaultsWere() {
        try (Logged log = new Logged(FaultLogTest.class)) {
            faults.warn("no key");
            faults.thrown("a link", new IOException("reset by peer"));
            faults.thrown("a link", new UncheckedIOException(new IOException("not polled any more")));
            faults.thrown("a link", new IllegalStateException("first"));
            faults.thrown("a link", new StackOverflowError());
            clock.advance(Duration.ofSeconds(10));
            faults.thrown("another link", new IllegalStateException("last"));
            assertThat(log.lines())
                    .containsExactly(
                            "WARN 1 fault(s) of strangers, the last: no key",
                            "ERROR internal error (1 of them), a link is closed",
                            "ERROR internal error (2 of them), another link is closed");
        }
    }
}
