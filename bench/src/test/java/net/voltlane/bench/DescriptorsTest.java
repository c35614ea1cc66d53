package net.voltlane.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DescriptorsTest {

    @Test
    void tooFewDescriptorsAreToldWithTheWayOut() {
        assertThatCode(() -> Descriptors.check(900, 60, 1024)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Descriptors.check(901, 60, 1024))
                .isInstanceOf(BenchException.class)
                .hasMessage(
                        "clients: 901 (expected: at most 900, since this process may have 1024 files and sockets open;"
                                + " raise the limit with ulimit -n 1025, for the server as well)");
    }

    @Test
    void tooFewPortsAreToldWithTheWayOut() {
        assertThatCode(() -> Descriptors.checkPorts(56_000, 2, 28_000)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Descriptors.checkPorts(56_001, 2, 28_000))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("at most 56000")
                .hasMessageContaining("--source-addresses 3");
    }
}
