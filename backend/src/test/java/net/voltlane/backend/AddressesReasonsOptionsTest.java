package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import net.voltlane.protocol.Reason;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of addresses, reasons and options. */
class AddressesReasonsOptionsTest {

    @Test
    void anAddressIsAHostAndAPort() throws Exception {
        assertThat(ListenAddress.parse("127.0.0.1:42001")).isEqualTo(new InetSocketAddress("127.0.0.1", 42001));
        assertThat(ListenAddress.parse("[::1]:0")).isEqualTo(new InetSocketAddress("::1", 0));
        assertThat(ListenAddress.parse("0.0.0.0:65535").getAddress().isAnyLocalAddress())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":", ":1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "::1:1", "[a]:1"})
    void anythingElseIsNone(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ListenAddress.parse(text))
                .withMessageContaining("host:port");
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void theProtocolsReasonsAreKnown(Reason reason) {
        byte[] bytes = Bytes.utf8("xx" + reason.text() + "yy");
        EndReason decoded = EndReason.decode(bytes, 2, bytes.length - 4);
        assertThat(decoded.known()).contains(reason);
        assertThat(decoded.is(reason)).isTrue();
        assertThat(decoded.local()).isFalse();
    }

    @Test
    void otherReasonsAreNot() {
        assertThat(EndReason.ORPHANED.known()).isEmpty();
        assertThat(EndReason.decode(Bytes.utf8("Client abducted"), 0, 15).known())
                .isEmpty();
        assertThat(EndReason.decode(new byte[100_000], 0, 100_000).text()).hasSize(256);
    }

    @Test
    void optionsOutOfRangeAreNamed() {
        List<UnaryOperator<BackendOptions>> wrong = List.of(
                o -> o.withOrphanTimeout(Duration.ofNanos(-1)),
                o -> o.withOrphanTimeout(Duration.ofDays(366)),
                o -> o.withPeerTimeout(Duration.ZERO),
                o -> o.withStallTimeout(Duration.ZERO),
                o -> o.withMaxSessions(0),
                o -> o.withMaxFrameBytes(8),
                o -> o.withMaxFrameBytes(Integer.MAX_VALUE),
                o -> o.withSendBufferBytes(0),
                o -> o.withAwayBufferBytes(-1),
                o -> o.withMaxFirehoses(0));
        for (UnaryOperator<BackendOptions> change : wrong) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> change.apply(BackendOptions.DEFAULT))
                    .withMessageMatching("[a-zA-Z]+: .+ \\(expected: .+\\)");
        }
    }

    @Test
    void eachOptionIsSetByItself() {
        BackendOptions options = BackendOptions.DEFAULT
                .withOrphanTimeout(Duration.ofSeconds(1))
                .withPeerTimeout(Duration.ofSeconds(2))
                .withMaxFrameBytes(300)
                .withSendBufferBytes(4)
                .withAwayBufferBytes(5)
                .withMaxFirehoses(6)
                .withStallTimeout(Duration.ofSeconds(7))
                .withMaxSessions(8);
        assertThat(options)
                .isEqualTo(new BackendOptions(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(7),
                        300,
                        4,
                        5,
                        6,
                        8,
                        BackendOptions.DEFAULT.threads()));
        assertThat(options.withThreads(Thread::new).maxFirehoses()).isEqualTo(6);
    }

    @Test
    void theBoundsOfWhatIsKeptForClientsHaveRanges() {
        BackendOptions options = BackendOptions.DEFAULT
                .withUndeliveredBytesPerSession(1)
                .withUndeliveredPacketsPerSession(2)
                .withUndeliveredBytes(3)
                .withSharedIds(true)
                .withMaxFirehoses(4);
        assertThat(options.undeliveredBytesPerSession()).isEqualTo(1);
        assertThat(options.undeliveredPacketsPerSession()).isEqualTo(2);
        assertThat(options.undeliveredBytes()).isEqualTo(3);
        assertThat(options.sharedIds()).isTrue();
        assertThatThrownBy(() -> options.withUndeliveredBytesPerSession((512L << 20) + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("undeliveredBytesPerSession: 536870913 (expected: 0 to 536870912)");
        assertThatThrownBy(() -> options.withUndeliveredPacketsPerSession(-1))
                .hasMessage("undeliveredPacketsPerSession: -1 (expected: at least 0)");
        assertThatThrownBy(() -> options.withUndeliveredBytes(-1))
                .hasMessage("undeliveredBytes: -1 (expected: at least 0)");
    }

    @Test
    void theReasonOfADeadServerIsThatTheClientIsGone() {
        EndReason reason = EndReason.disconnected(5, 3);
        assertThat(reason.is(Reason.CLIENT_DISCONNECTED)).isTrue();
        assertThat(reason.known()).contains(Reason.CLIENT_DISCONNECTED);
        assertThat(reason.local()).isTrue();
        assertThat(EndReason.GAP.known()).contains(Reason.GAP);
        assertThat(EndReason.ORPHANED.known()).isEmpty();
        assertThat(EndReason.MISSED.known()).isEmpty();
    }
}
