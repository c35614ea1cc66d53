package net.voltlane.admin.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import net.voltlane.admin.http.ProblemException;
import net.voltlane.admin.http.Request;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryEndpointTest {
    private final ManualClock clock = new ManualClock();
    private final History history = new History(new FakeFigures(), clock, () -> Instant.EPOCH);
    private final HistoryEndpoint endpoint = new HistoryEndpoint(history);

    @Test
    void withoutParametersAllSecondsAreAnswered() {
        seconds(5);

        assertThat(get(Map.of())).contains("\"resolution\":\"1s\"", "\"clientsLive\":[0,0,0,0,0]");
    }

    @Test
    void aResolutionAndALengthCanBeGiven() {
        seconds(95);

        assertThat(get(Map.of("resolution", "30s"))).contains("\"stepSeconds\":30", "\"clientsLive\":[0,0,0]");
        assertThat(get(Map.of("resolution", "30s", "seconds", "60"))).contains("\"clientsLive\":[0,0]");
        assertThat(get(Map.of("seconds", "2"))).contains("\"clientsLive\":[0,0]");
    }

    @ParameterizedTest
    @CsvSource({"1s,1", "1s,86400"})
    void theBoundsOfTheLengthAreGood(String resolution, String seconds) {
        assertThat(get(Map.of("resolution", resolution, "seconds", seconds))).contains("\"clientsLive\":[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "86401", "1.5", "", "many", "99999999999"})
    void anotherLengthIsRefused(String seconds) {
        assertThatThrownBy(() -> get(Map.of("seconds", seconds))).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().status()).isEqualTo(400);
            assertThat(e.problem().detail()).isEqualTo("seconds (expected: a number from 1 to 86400)");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "60s", "second"})
    void anotherResolutionIsRefused(String resolution) {
        assertThatThrownBy(() -> get(Map.of("resolution", resolution)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().detail()).isEqualTo("resolution (expected: 1s or 30s)"));
    }

    @Test
    void anotherParameterIsRefused() {
        assertThatThrownBy(() -> get(Map.of("second", "2"))).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().status()).isEqualTo(400);
            assertThat(e.problem().detail()).isEqualTo("unknown parameter (expected: resolution, seconds)");
        });
    }

    private void seconds(int n) {
        for (int i = 0; i < n; i++) {
            clock.advance(Duration.ofSeconds(1));
            history.tick();
        }
    }

    private String get(Map<String, String> query) {
        Request request = new Request("GET", "/api/v1/history", Map.of(), query, Map.of(), new byte[0], true);
        return new String(endpoint.handle(request).toCompletableFuture().join().body(), StandardCharsets.UTF_8);
    }
}
