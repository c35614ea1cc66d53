package net.voltlane.admin.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.voltlane.admin.http.ProblemException;
import net.voltlane.admin.http.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

@SuppressWarnings("UnnecessaryStringBuilder") // text that is no String is what the ring has to copy
class RecentEventsTest {
    private final RecentEvents events = new RecentEvents();

    @Test
    void theNewestLineComesFirstWithItsFields() {
        events.add(0, Level.WARN, "first", List.of());
        events.add(
                1_500,
                Level.INFO,
                "second",
                List.of(
                        new KeyValuePair("session", "7"),
                        new KeyValuePair("count", 3L),
                        new KeyValuePair("address", new StringBuilder("192.0.2.1"))));

        assertThat(answer(Map.of()))
                .isEqualTo("{\"events\":["
                        + "{\"at\":\"1970-01-01T00:00:01.500Z\",\"level\":\"Info\",\"message\":\"second\","
                        + "\"fields\":{\"session\":\"7\",\"count\":3,\"address\":\"192.0.2.1\"}},"
                        + "{\"at\":\"1970-01-01T00:00:00Z\",\"level\":\"Warn\",\"message\":\"first\",\"fields\":{}}]}");
        assertThat(answer(Map.of("limit", "1"))).contains("second").doesNotContain("first");
    }

    @Test
    void theOldestLinesAreForgotten() {
        addLines(RecentEvents.CAPACITY + 5);

        assertThat(messages(events.newest(Integer.MAX_VALUE)))
                .hasSize(RecentEvents.CAPACITY)
                .startsWith("line 204")
                .endsWith("line 5");
        assertThat(messages(events.newest(2))).containsExactly("line 204", "line 203");
    }

    @Test
    void aReaderGetsEachNewLineOnceAndIsToldOfThoseThatItMissed() {
        addLines(3);
        long seen = events.count();
        assertThat(events.after(seen).lines()).isEmpty();
        addLines(2);
        RecentEvents.Batch two = events.after(seen);
        assertThat(messages(two.lines())).containsExactly("line 0", "line 1");
        assertThat(two.missed()).isZero();
        assertThat(events.after(two.count()).lines()).isEmpty();
        addLines(RecentEvents.CAPACITY + 10);
        RecentEvents.Batch late = events.after(two.count());
        assertThat(late.missed()).isEqualTo(10);
        assertThat(messages(late.lines())).hasSize(RecentEvents.CAPACITY).startsWith("line 10");
    }

    @Test
    void aLineIsBoundedWhateverItHolds() {
        List<KeyValuePair> many = IntStream.range(0, 100)
                .mapToObj(i -> new KeyValuePair("field" + i, "v".repeat(i == 0 ? 100_000 : 1)))
                .toList();
        events.add(0, Level.INFO, "m".repeat(100_000), many);
        events.add(0, Level.INFO, "x", List.of(new KeyValuePair("late", new StringBuilder("v".repeat(100_000)))));

        assertThat(answer(Map.of()))
                .hasSizeLessThan(3_000)
                .contains("m…\"", "v…\"", "\"field15\"")
                .doesNotContain("field16");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "201", "-1", "", "x", "1.5"})
    void anotherLimitIsRefused(String limit) {
        assertThatThrownBy(() -> answer(Map.of("limit", limit))).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().status()).isEqualTo(400);
            assertThat(e.problem().detail()).isEqualTo("limit (expected: a number from 1 to 200)");
        });
    }

    @Test
    void anotherParameterIsRefused() {
        assertThatThrownBy(() -> answer(Map.of("limits", "2"))).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().status()).isEqualTo(400);
            assertThat(e.problem().detail()).isEqualTo("unknown parameter (expected: limit)");
        });
    }

    @Test
    void theBoundsOfTheLimitAreGood() {
        addLines(300);
        assertThat(answer(Map.of("limit", "200"))).contains("line 100\"").doesNotContain("line 99\"");
        assertThat(answer(Map.of())).contains("line 200\"").doesNotContain("line 199\"");
    }

    private void addLines(int count) {
        IntStream.range(0, count).forEach(i -> events.add(i, Level.INFO, "line " + i, List.of()));
    }

    private static List<String> messages(List<?> lines) {
        return lines.stream().map(line -> ((RecentEvent.Json) line).message()).toList();
    }

    private String answer(Map<String, String> parameters) {
        Request request = new Request("GET", "/api/v1/events", Map.of(), parameters, Map.of(), new byte[0], true);
        return new String(
                new EventsEndpoint(events)
                        .handle(request)
                        .toCompletableFuture()
                        .join()
                        .body(),
                StandardCharsets.UTF_8);
    }
}
