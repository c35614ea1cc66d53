package net.voltlane.tcp.unix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UnixSocketFileTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "./x", "/", "/run/", "/run/a\0b"})
    void onlyAnAbsolutePathOfAFileIsOne(String text) {
        assertThat(UnixSocketFile.isPath(text, UnixSocketFile.MAX_CONNECTED_BYTES))
                .isFalse();
        assertThat(UnixSocketFile.isPath("/run/a b:1.sock", UnixSocketFile.MAX_PATH_BYTES))
                .isTrue();
    }

    @Test
    void aPathIsBoundedInBytes() {
        assertThat(UnixSocketFile.MAX_PATH_BYTES).isEqualTo(103);
        assertThat(UnixSocketFile.isPath("/" + "ü".repeat(51), 103)).isTrue();
        assertThat(UnixSocketFile.isPath("/" + "ü".repeat(51) + "x", 103)).isFalse();
        assertThat(UnixSocketFile.isPath("/" + "x".repeat(106), UnixSocketFile.MAX_CONNECTED_BYTES))
                .isTrue();
        assertThat(UnixSocketFile.isPath("/" + "x".repeat(107), UnixSocketFile.MAX_CONNECTED_BYTES))
                .isFalse();
    }
}
