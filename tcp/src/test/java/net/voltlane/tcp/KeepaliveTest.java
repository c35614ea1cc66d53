package net.voltlane.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeepaliveTest {

    @ParameterizedTest
    @CsvSource({"20, 10, 3", "30, 15, 5", "1, 1, 1", "100000000, 32767, 32767"})
    void aSilentPeerIsFoundOutInAboutThatTime(long timeoutSecs, int idle, int interval) throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            Keepalive.set(channel, Duration.ofSeconds(timeoutSecs).toNanos());

            assertThat(channel.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            assumeThat(channel.supportedOptions()).contains(ExtendedSocketOptions.TCP_KEEPIDLE);
            assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(idle);
            assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL))
                    .isEqualTo(interval);
            assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(3);
        }
    }
}
