package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The versions that clients may speak, and the heartbeats of version 3. */
class ConfigVersionsTest extends ConfigCase {
    private static final String EXPECTED =
            " (expected: a list of one or more of 2, 3, such as [2, 3]; in a variable with commas between)";

    @Test
    void versionsAreReadInAnyOrder() throws Exception {
        file("clients.versions = [3, 2]");
        assertThat(load().config().clients().versions()).containsExactly(2, 3);
        assertThat(load(Map.of("VOLTLANE_CLIENTS_VERSIONS", " 3 "))
                        .config()
                        .clients()
                        .versions())
                .isEqualTo(List.of(3));
        assertThat(load(Map.of("VOLTLANE_CLIENTS_VERSIONS", "[3,2]"))
                        .config()
                        .clients()
                        .versions())
                .isEqualTo(List.of(2, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "1", "2,4", "2,", "two", "2 3"})
    void aVariableWithOtherVersionsIsAMistake(String text) {
        String shown = text.isEmpty() ? "\"\"" : text;
        assertThat(errors(Map.of("VOLTLANE_CLIENTS_VERSIONS", text)))
                .containsExactly("VOLTLANE_CLIENTS_VERSIONS: " + shown + EXPECTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[1]", "[2, 3, 4]", "[\"3\"]", "3"})
    void soIsAFileWithOtherVersions(String value) throws Exception {
        file("clients.versions = " + value);
        assertThat(errors(Map.of()))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("connserver.toml:1: clients.versions: ")
                        .endsWith(EXPECTED));
    }

    @Test
    void theLongestHeartbeatIsNotShorterThanTheShortest() throws Exception {
        file("[clients]\nheartbeat_min_secs = 30\nheartbeat_max_secs = 20");
        assertThat(errors(Map.of()))
                .containsExactly(
                        "clients.heartbeat_max_secs: 20 (expected: at least 30, as clients.heartbeat_min_secs is)");
    }

    @Test
    void theUsualHeartbeatLiesBetweenTheShortestAndTheLongest() throws Exception {
        file("clients.heartbeat_min_secs = 30");
        assertThat(errors(Map.of()))
                .containsExactly("clients.heartbeat_default_secs: 20 (expected: from 30 to 300, as the shortest and the"
                        + " longest heartbeat are)");
    }
}
