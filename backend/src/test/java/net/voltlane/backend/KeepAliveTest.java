package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

class KeepAliveTest {

    @Test
    void aSilentLinkIsProbedWithinHalfAMinute() throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            KeepAlive.set(channel);

            assertThat(channel.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
            assumeThat(channel.supportedOptions()).contains(ExtendedSocketOptions.TCP_KEEPIDLE);
            assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(15);
            assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL))
                    .isEqualTo(5);
            assertThat(channel.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(3);
        }
    }
}
