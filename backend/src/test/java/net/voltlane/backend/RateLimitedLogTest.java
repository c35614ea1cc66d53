package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class RateLimitedLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(RateLimitedLogTest.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final ManualClock clock = new ManualClock();

    @BeforeEach
    void listen() {
        logger.setLevel(ch.qos.logback.classic.Level.WARN);
        logger.setAdditive(false);
        logger.addAppender(lines);
        lines.start();
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(lines);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void oneLineInTenSecondsSaysHowManyThereWereAndWhatTheLastOneWas() {
        RateLimitedLog faults = new RateLimitedLog(logger, Level.WARN, "faults of connection servers", clock);
        faults.add("flag 7", null);
        faults.add("flag 8", null);
        faults.add("flag 9", null);
        clock.advance(Duration.ofSeconds(10));
        faults.add("a packet of 3 bytes", null);

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "Faults of connection servers: 1; the last: flag 7",
                        "Faults of connection servers: 3; the last: a packet of 3 bytes");
    }
}
