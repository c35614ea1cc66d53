package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ClientBuilderTest {

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("connectTimeout: PT0S (expected: more than 0)", it -> it.connectTimeout(Duration.ZERO)),
                mistake("handshakeTimeout: PT-1S", it -> it.handshakeTimeout(Duration.ofSeconds(-1))),
                mistake("closeTimeout: PT0S", it -> it.closeTimeout(Duration.ZERO)),
                mistake("peerTimeout: PT0S", it -> it.peerTimeout(Duration.ZERO)),
                mistake("giveUpAfter: PT0S", it -> it.giveUpAfter(Duration.ZERO)),
                mistake("backoff base: PT0S", it -> it.backoff(Duration.ZERO, Duration.ofSeconds(1))),
                mistake("backoff cap: PT1S", it -> it.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1))),
                mistake("serverKey: public key is neither", it -> it.serverKey(new byte[32])),
                mistake("maxPackets: 0", it -> it.sendBuffer(0, 1, SendPolicy.FAIL)),
                mistake("maxBytes: 0", it -> it.receiveBuffer(1, 0)),
                mistake("maxFrameBytes: 0", it -> it.maxFrameBytes(0)),
                mistake("maxFrameBytes: 1073741825", it -> it.maxFrameBytes((1 << 30) + 1)));
    }

    private static Arguments mistake(String message, Consumer<ClientBuilder> setting) {
        return Arguments.of(message, setting);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeIsNamedAtOnce(String message, Consumer<ClientBuilder> setting) {
        ClientBuilder builder = VoltlaneClient.builder("localhost", 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.accept(builder))
                .withMessageStartingWith(message);
    }
}
