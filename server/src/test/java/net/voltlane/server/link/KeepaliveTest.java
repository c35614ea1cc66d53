package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class KeepaliveTest {
    private static Keepalive ofSeconds(long seconds) {
        return Keepalive.of(Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void aQuietPeerIsGivenUpAfterFourAndAHalfTimesTheTimeout() {
        assertThat(ofSeconds(20)).isEqualTo(new Keepalive(60, 10, 3));
        assertThat(ofSeconds(3_600)).isEqualTo(new Keepalive(10_800, 1_800, 3));
    }

    @Test
    void nothingIsShorterThanASecondOrLongerThanTheKernelTakes() {
        assertThat(ofSeconds(1)).isEqualTo(new Keepalive(3, 1, 3));
        assertThat(Keepalive.of(1)).isEqualTo(new Keepalive(3, 1, 3));
        assertThat(ofSeconds(1_000_000)).isEqualTo(new Keepalive(32_767, 32_767, 3));
    }

    @Test
    void onlyAKernelsTimeoutIsOne() {
        assertThat(Keepalive.gaveUp(new IOException("Connection timed out"))).isTrue();
        assertThat(Keepalive.gaveUp(new IOException("Connection reset"))).isFalse();
        assertThat(Keepalive.gaveUp(new IOException())).isFalse();
        assertThat(Keepalive.gaveUp(new IllegalStateException("Connection timed out")))
                .isFalse();
    }
}
