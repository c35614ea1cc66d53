package net.voltlane.server;

import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Flag;
import net.voltlane.server.VoltlaneServerTest.Running;
import net.voltlane.server.VoltlaneServerTest.Setup;
import net.voltlane.testkit.Firehose;
import net.voltlane.testkit.ScriptedClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first that a backend learns of a session is a whole packet of it, with each kind of sockets and over several
 * links.
 */
final class ToldBackendTest {
    /** Long enough for redials, which are spaced by a backoff. */
    private static final Duration REDIAL = Duration.ofSeconds(15);

    private static final String SETUPS = "net.voltlane.server.VoltlaneServerTest#setups";

    @ParameterizedTest
    @MethodSource(SETUPS)
    void aSessionThatBeginsWhileTheBackendIsAwayBeginsWithItsData(Setup setup) throws Exception {
        try (Running it = Running.start(setup, c -> c)) {
            it.master().timeout(REDIAL).stopListening();
            it.firehose().cut();
            try (ScriptedClient newcomer = ScriptedClient.open(it.address())) {
                newcomer.send(utf8("one"));
                newcomer.send(utf8("two"));
                it.master().listenAgain();
                Firehose second = it.master().accept();
                assertThat(second.next()).isEqualTo(new FirehosePacket(newcomer.id(), Flag.DATA, utf8("one")));
                assertThat(second.next()).isEqualTo(new FirehosePacket(newcomer.id(), Flag.DATA, utf8("two")));
                second.cut();
                it.master().accept().expectReconnection(newcomer.id());
            }
        }
    }

    /** Larger than the buffers of both kernels, so that no link but the last takes all of it. */
    @ParameterizedTest
    @MethodSource(SETUPS)
    void aSessionWhoseFirstPacketALinkTookInPartBeginsWithTheWholeOfItOnTheNext(Setup setup) throws Exception {
        try (Running it = Running.start(setup, c -> c);
                ScriptedClient known = ScriptedClient.open(it.address());
                ScriptedClient newcomer = ScriptedClient.open(it.address())) {
            known.send(utf8("known"));
            assertThat(it.firehose().dataOf(known.id())).isEqualTo(utf8("known"));
            byte[] large = new byte[8_000_000];
            Arrays.fill(large, (byte) 7);
            it.master().timeout(REDIAL).pauseReading();
            newcomer.send(large);
            it.firehose().cut();
            it.master().resumeReading();
            Firehose second = it.master().accept();
            second.expectReconnection(known.id());
            FirehosePacket first = second.nextFor(newcomer.id());
            assertThat(first.flag()).isEqualTo(Flag.DATA);
            assertThat(first.data()).isEqualTo(large);
        }
    }
}
