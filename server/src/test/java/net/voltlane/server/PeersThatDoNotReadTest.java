package net.voltlane.server;

import static net.voltlane.testkit.Bytes.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.voltlane.server.VoltlaneServerTest.Running;
import net.voltlane.server.VoltlaneServerTest.Setup;
import net.voltlane.server.config.TransportKind;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real peers that are alive but read nothing for several times the peer timeout, which must not end them. */
@ExtendWith(LeakCheck.class)
final class PeersThatDoNotReadTest {
    private static final int PACKETS = 100;
    /** Far more bytes in all than the kernels on both sides hold. */
    private static final int PACKET_BYTES = 64 * 1024;

    static List<Setup> setups() {
        return VoltlaneServerTest.setups().stream()
                .filter(setup -> setup.threads() == 1 && setup.transport() != TransportKind.AUTO)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void bothKeepTheirLinksAndGetEverythingWhenTheyReadAgain(Setup setup) throws Exception {
        try (Running it = Running.start(
                        setup,
                        c -> c.withListener(c.listener().withPeerTimeoutSecs(1))
                                .withMaster(c.master().withPeerTimeoutSecs(1)));
                ScriptedClient slow = ScriptedClient.connect(it.address(), 8 * 1024);
                ScriptedClient sender = ScriptedClient.open(it.address())) {
            slow.openSession();
            it.firehose().send(sender.id(), numbered(0, 10));
            assertThat(Bytes.number(sender.receive())).isZero();
            for (int i = 0; i < PACKETS; i++) {
                it.firehose().send(slow.id(), numbered(i, PACKET_BYTES));
            }
            it.master().pauseReading();
            for (int i = 0; i < PACKETS; i++) {
                sender.send(numbered(i, PACKET_BYTES));
            }

            sender.expectSilence(Duration.ofMillis(3_500)); // more than three timeouts

            assertThat(it.server().count(Metric.CLIENT_PEER_UNACKNOWLEDGED)).isZero();
            assertThat(it.server().count(Metric.MASTER_PEER_UNACKNOWLEDGED)).isZero();
            assertThat(it.server().count(Metric.LINKS_LOST)).isZero();
            assertThat(it.server().count(Metric.MASTER_LOST)).isZero();
            it.master().resumeReading();
            for (int i = 0; i < PACKETS; i++) {
                assertThat(Bytes.number(slow.receive())).isEqualTo(i);
                assertThat(Bytes.number(it.firehose().dataOf(sender.id()))).isEqualTo(i);
            }
        }
    }
}
