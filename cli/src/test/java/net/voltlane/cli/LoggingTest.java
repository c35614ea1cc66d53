package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import net.voltlane.admin.http.Json;
import net.voltlane.server.config.LogFormat;
import net.voltlane.server.config.LogLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

@SuppressWarnings("try") // logging is on for as long as a block runs
class LoggingTest {

    private static final Logger ours = LoggerFactory.getLogger("net.voltlane.server.Thing");
    private static final Logger library = LoggerFactory.getLogger("io.netty.Thing");

    @ParameterizedTest
    @CsvSource({
        "OFF, '', ''",
        "ERROR, 'ERROR', 'ERROR'",
        "WARN, 'ERROR WARN', 'ERROR WARN'",
        "INFO, 'ERROR WARN INFO', 'ERROR WARN'",
        "DEBUG, 'ERROR WARN INFO DEBUG', 'ERROR WARN'",
        "TRACE, 'ERROR WARN INFO DEBUG TRACE', 'ERROR WARN INFO DEBUG TRACE'",
    })
    void theLevelTakesEffect(LogLevel level, String ofOurs, String ofLibraries) {
        assertThat(levels(level, ours)).isEqualTo(ofOurs);
        assertThat(levels(level, library)).isEqualTo(ofLibraries);
    }

    @ParameterizedTest
    @CsvSource({"ERROR, TRACE", "TRACE, ERROR", "TRACE, INFO"})
    void aChangedLevelTakesEffectAtOnce(LogLevel before, LogLevel after) {
        Logger internals = LoggerFactory.getLogger("io.netty.util.internal.PlatformDependent0");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Logging logging = Logging.start(before, LogFormat.TEXT, out)) {
            logging.level(after);
            for (Logger logger : List.of(ours, library, internals)) {
                Stream.of(Level.values()).forEach(each -> logger.atLevel(each).log("x"));
            }
        }
        assertThat(String.join(" ", lines(out).map(line -> line.split(" +")[1]).toList()))
                .isEqualTo(String.join(" ", levels(after, ours), levels(after, library), levels(after, internals)));
    }

    @Test
    void atTraceTooNettyIsSilentAboutWhatItReachesByReflection() {
        Logger internals = LoggerFactory.getLogger("io.netty.util.internal.PlatformDependent0");
        assertThat(levels(LogLevel.TRACE, internals)).isEqualTo("ERROR WARN INFO");
        assertThat(levels(LogLevel.ERROR, internals)).isEqualTo("ERROR");
    }

    /** They tell of every attempt to connect, also at Warn, and at Debug of what is sent. */
    @ParameterizedTest
    @EnumSource(LogLevel.class)
    void ofTheStoresLibrariesOnlyErrorsAreLogged(LogLevel level) {
        String errors = level == LogLevel.OFF ? "" : "ERROR";
        assertThat(levels(level, LoggerFactory.getLogger("io.lettuce.core.protocol.CommandHandler")))
                .isEqualTo(errors);
        assertThat(levels(level, LoggerFactory.getLogger("reactor.util.Loggers")))
                .isEqualTo(errors);
    }

    @Test
    void aLineOfTextHasTimeLevelOriginAndMessage() {
        assertThat(logged(LogFormat.TEXT, () -> ours.info("hello {}", "you")))
                .singleElement()
                .asString()
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) INFO  Thing - hello you");
    }

    @Test
    void anErrorInTextHasItsStackBelow() {
        assertThat(logged(LogFormat.TEXT, () -> ours.error("x", new IllegalStateException("y"))))
                .hasSizeGreaterThan(2)
                .first()
                .asString()
                .endsWith("ERROR Thing - x");
        assertThat(logged(LogFormat.TEXT, () -> ours.error("x", new IllegalStateException("y"))))
                .element(1)
                .isEqualTo("java.lang.IllegalStateException: y");
    }

    @ParameterizedTest
    @CsvSource({
        "UTC, 2026-01-02T03:04:05.006Z",
        "+05:30, 2026-01-02T08:34:05.006+05:30",
        "-03:30, 2026-01-01T23:34:05.006-03:30",
        "Europe/Berlin, 2026-01-02T04:04:05.006+01:00",
    })
    void theTimeIsThatOfThePlace(String zone, String expected) {
        LoggingEvent event = new LoggingEvent();
        event.setLevel(ch.qos.logback.classic.Level.WARN);
        event.setLoggerName("a.b.Thing");
        event.setMessage("hello");
        event.setInstant(Instant.parse("2026-01-02T03:04:05.006Z"));
        assertThat(new String(
                        new TextLines(TimeZone.getTimeZone(ZoneId.of(zone))).encode(event), StandardCharsets.UTF_8))
                .isEqualTo(expected + " WARN  Thing - hello\n");
    }

    @Test
    void aLineOfJsonIsOneObjectWhateverIsInTheMessage() {
        assertThat(logged(LogFormat.JSON, () -> ours.warn("a \"b\" \\ \n\t\u001b é {}", 1)))
                .singleElement()
                .asString()
                .matches(
                        "\\{\"time\":\"[0-9T:.-]+Z\",\"level\":\"WARN\",\"logger\":\"net\\.voltlane\\.server\\.Thing\","
                                + "\"thread\":\"[^\"]+\",\"message\":\"a \\\\\"b\\\\\" \\\\\\\\ \\\\n\\\\t\\\\u001b é 1\"}");
    }

    @Test
    void aLineOfJsonHasItsOwnFieldsBesidesWhichOneOfTextHasInItsMessage() {
        Runnable line = () -> ours.atWarn()
                .addKeyValue("session", "7")
                .addKeyValue("address", "192.0.2.1")
                .addKeyValue("count", 3L)
                .log("hello");
        assertThat(logged(LogFormat.JSON, line))
                .singleElement()
                .asString()
                .endsWith("\"message\":\"hello\",\"session\":\"7\",\"address\":\"192.0.2.1\",\"count\":3}");
        assertThat(logged(LogFormat.TEXT, line)).singleElement().asString().endsWith(" - hello");
    }

    @Test
    void anErrorInJsonStaysOnItsLine() {
        assertThat(logged(LogFormat.JSON, () -> ours.error("x", new IllegalStateException("y"))))
                .singleElement()
                .asString()
                .contains("\"message\":\"x\",\"error\":\"java.lang.IllegalStateException: y\\n");
    }

    @Test
    void aStandardErrorThatTakesNothingHoldsNobody() {
        CountDownLatch release = new CountDownLatch(1);
        OutputStream stuck = new OutputStream() {
            @Override
            public void write(int b) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        try (Logging logging = Logging.start(LogLevel.INFO, LogFormat.TEXT, stuck)) {
            for (int i = 0; i < 50_000; i++) {
                ours.info("line {}", i);
            }
            release.countDown(); // only here: had a line waited for the one before, this would never be reached
        }
    }

    @Test
    void linesThatAreDroppedAreCountedAndToldWhenThereIsRoomAgain() throws Exception {
        CountDownLatch isStuck = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            @SuppressWarnings("UnsynchronizedOverridesSynchronized") // it waits, and must hold no lock meanwhile
            public void write(byte[] bytes, int offset, int count) {
                isStuck.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.write(bytes, offset, count);
            }
        };
        try (Logging logging = Logging.start(LogLevel.INFO, LogFormat.JSON, out)) {
            ours.info("first");
            isStuck.await();
            for (int i = 0; i < LogQueue.MAX_LINES + 3; i++) {
                ours.info("line {}", i);
            }
            assertThat(logging.dropped()).isEqualTo(3);
            assertThat(logging.events().count()).as("in the ring").isEqualTo(LogQueue.MAX_LINES + 4);
            release.countDown();
            await().untilAsserted(() -> assertThat(lines(out))
                    .filteredOn(line -> line.contains("ropped"))
                    .singleElement()
                    .asString()
                    .contains(
                            "\"level\":\"WARN\"",
                            "\"message\":\"Dropped 3 lines of the log, which standard error did not take in time\"",
                            "\"event\":\"lines_dropped\",\"count\":3}"));
        }
        assertThat(lines(out)).hasSize(LogQueue.MAX_LINES + 2);
    }

    @Test
    void theRingHasWhatIsLoggedAtInfoAndAbove() {
        try (Logging logging = Logging.start(LogLevel.DEBUG, LogFormat.TEXT, new ByteArrayOutputStream())) {
            ours.debug("not this");
            ours.atWarn().addKeyValue("session", "7").log("hello {}", "you");
            ours.error("x", new IllegalStateException("y"));
            assertThat(Json.text(logging.events().newest(9)))
                    .matches("\\[\\{\"at\":\"[^\"]+\",\"level\":\"Error\",\"message\":\"x\","
                            + "\"fields\":\\{\"error\":\"java.lang.IllegalStateException: y\"}},"
                            + "\\{\"at\":\"[^\"]+\",\"level\":\"Warn\",\"message\":\"hello you\","
                            + "\"fields\":\\{\"session\":\"7\"}}]");
        }
    }

    private static String levels(LogLevel level, Logger logger) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Logging logging = Logging.start(level, LogFormat.TEXT, out)) {
            Stream.of(Level.values()).forEach(each -> logger.atLevel(each).log("x"));
        }
        return String.join(" ", lines(out).map(line -> line.split(" +")[1]).toList());
    }

    private static List<String> logged(LogFormat format, Runnable action) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Logging logging = Logging.start(LogLevel.INFO, format, out)) {
            action.run();
        }
        return lines(out).toList();
    }

    private static Stream<String> lines(ByteArrayOutputStream out) {
        return out.toString(StandardCharsets.UTF_8).lines();
    }
}
