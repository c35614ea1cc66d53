package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import net.voltlane.server.log.LogEvent;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class RateLimitedLogTest {
    private final ManualClock clock = new ManualClock();
    private final RateLimitedLog faults = new RateLimitedLog(
            LoggerFactory.getLogger(RateLimitedLogTest.class),
            LogEvent.CLIENTS_REJECTED,
            "Rejected",
            "client",
            "clients",
            clock);

    @Test
    void warnsAtOnceAndThenAtMostOnceInTenSecondsWithHowManyThereWere() {
        try (Logged log = new Logged(RateLimitedLogTest.class)) {
            faults.warn("no key");
            for (int i = 0; i < 99; i++) {
                faults.warn("no answer");
            }
            clock.advance(Duration.ofSeconds(10).minusNanos(1));
            faults.warn("no answer");
            assertThat(log.lines()).containsExactly("WARN Rejected 1 client: no key");
            clock.advance(Duration.ofNanos(1));
            faults.warn("no answer");
            assertThat(log.lines()).hasSize(2).endsWith("WARN Rejected 101 clients: no answer");
        }
    }

    @Test
    void everyReasonIsToldWithHowOftenItWas() {
        try (Logged log = new Logged(RateLimitedLogTest.class)) {
            faults.warn("no key");
            for (int i = 0; i < 30; i++) {
                faults.warn(i % 3 == 0 ? "no answer" : "no frame");
            }
            clock.advance(Duration.ofSeconds(10));
            faults.warn("no key");
            clock.advance(Duration.ofSeconds(10));
            faults.warn("no frame");
            assertThat(log.lines())
                    .containsExactly(
                            "WARN Rejected 1 client: no key",
                            "WARN Rejected 31 clients: 10 no answer, 20 no frame, 1 no key",
                            "WARN Rejected 1 client: no frame");
        }
    }

    @Test
    void aLineHoldsNoMoreThanAFewReasons() {
        try (Logged log = new Logged(RateLimitedLogTest.class)) {
            faults.warn("first");
            for (int i = 0; i < 100; i++) {
                faults.warn("r" + i);
            }
            clock.advance(Duration.ofSeconds(10));
            faults.warn("r3");
            assertThat(log.lines())
                    .last()
                    .isEqualTo("WARN Rejected 101 clients: 1 r0, 1 r1, 1 r2, 2 r3, 1 r4, 1 r5, 1 r6, 1 r7,"
                            + " 92 for other reasons");
        }
    }

    @Test
    void ofManyPeersOneIsNamed() {
        try (Logged log = new Logged(RateLimitedLogTest.class)) {
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
            faults.warn("no key", "192.0.2.2");
            assertThat(log.lines())
                    .containsExactly(
                            "WARN Rejected 1 client: no key (last: 192.0.2.1)",
                            "WARN Rejected 100 clients: no key (last: 192.0.2.2)");
        }
    }

    @Test
    void atDebugEachHasALine() {
        try (Logged log = new Logged(RateLimitedLogTest.class, Level.DEBUG)) {
            faults.warn("no key", "192.0.2.1");
            faults.warn("no frame", "192.0.2.2");
            faults.warn("no answer");
            assertThat(log.lines())
                    .containsExactly(
                            "WARN Rejected 1 client: no key (last: 192.0.2.1)",
                            "DEBUG Rejected 1 client: no frame (192.0.2.2)",
                            "DEBUG Rejected 1 client: no answer");
        }
    }

    @Test
    void whatBreaksALinkIsNoErrorButAMistakeOfOursIsToldAtOnceHoweverManyFaultsWere() {
        try (Logged log = new Logged(RateLimitedLogTest.class, Level.DEBUG)) {
            faults.warn("no key");
            faults.thrown("a link", new IOException("reset by peer"));
            faults.thrown("a link", new UncheckedIOException(new IOException("not polled any more")));
            faults.thrown("a link", new IllegalStateException("first"));
            faults.thrown("a link", new StackOverflowError());
            clock.advance(Duration.ofSeconds(10));
            faults.thrown("another link", new IllegalStateException("last"));
            assertThat(log.lines().stream().filter(line -> !line.startsWith("DEBUG")))
                    .containsExactly(
                            "WARN Rejected 1 client: no key",
                            "ERROR Internal error, please report it: closed a link",
                            "ERROR Internal error, please report it: closed another link"
                                    + " (2 links were closed like this since the last line)");
            assertThat(log.lines()).contains("DEBUG Closed a link: reset by peer");
        }
    }
}
