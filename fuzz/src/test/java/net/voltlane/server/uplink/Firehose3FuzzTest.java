package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.List;
import net.voltlane.fuzz.Aftermath;
import net.voltlane.fuzz.Frames;
import net.voltlane.fuzz.Script;
import net.voltlane.protocol.firehose3.Ack;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.Logged;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort.Detach;
import net.voltlane.server.uplink.Firehose3Case.Heard;
import net.voltlane.server.uplink.Firehose3Oracle.Outcome;

/**
 * Fuzzes the server's end of a firehose 3: any bytes from the master, cut anywhere. {@link Firehose3Oracle} says what must
 * come of it. Of the sessions 1 and 2 are live, and 3 is stale.
 *
 * <p>An input: whether an honest Welcome comes first (even: it does), how the rest is cut (see {@link Script#pieces}),
 * and what the master sends.
 */
final class Firehose3FuzzTest {
    /** Of an {@link UplinkHarness}. */
    private static final int MISSED_PACKETS = 100;
    /** The most that the server's one buffer for packets of its own grows to. */
    private static final int SCRATCH_BYTES = 2_048;

    @FuzzTest
    void anyFirehose(byte[] input) {
        Script script = new Script(input);
        boolean welcomed = script.choice(2) == 0;
        List<byte[]> pieces = script.pieces();
        Aftermath.of(() -> firehose(pieces, welcomed), error -> error.contains("counts do not fit"), SCRATCH_BYTES);
    }

    private static void firehose(List<byte[]> pieces, boolean welcomed) {
        try (Logged log = new Logged(MasterUplink.class);
                UplinkHarness harness = new UplinkHarness(UplinkHarness.SETTINGS, Firehose3Case.OPEN)) {
            FakeChannel master = harness.connect();
            if (welcomed) {
                master.receives(Firehose3Case.welcome(Firehose3Case.ONE, 0));
                harness.loop.run();
            }
            UplinkHarness.Link one = harness.open();
            UplinkHarness.Link two = harness.open();
            harness.open().lose();
            harness.loop.run();
            long sent = numbered(Firehose3Case.heard(master));
            assertThat(sent).isEqualTo(welcomed ? 7 : 0); // Opened and Data of each, and a Suspended
            Frames frames = Frames.of(pieces, UplinkHarness.MAX_FRAME_BYTES);
            Firehose3Oracle expected = new Firehose3Oracle(frames, welcomed, welcomed ? sent : 7, MISSED_PACKETS);
            if (expected.isAmbiguous()) {
                return;
            }
            for (byte[] piece : pieces) {
                if (master.isOpen()) {
                    master.receives(piece);
                    harness.loop.run();
                }
            }
            check(harness, master, expected);
            checkClient(one, expected);
            checkClient(two, expected);
            master.taken();
            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("ERROR"))
                    .allMatch(line -> line.contains("counts do not fit"));
        }
    }

    private static void check(UplinkHarness harness, FakeChannel master, Firehose3Oracle expected) {
        Outcome outcome = expected.outcome();
        assertThat(master.isOpen() && !master.isOutputShutdown())
                .as("the link goes on")
                .isEqualTo(outcome == Outcome.GOES_ON);
        assertThat(harness.count(Metric.MASTER_PACKET_SHORT)).as("short").isEqualTo(expected.tooShort());
        assertThat(harness.count(Metric.MASTER_PACKET_UNKNOWN_FLAG))
                .as("unknown")
                .isEqualTo(expected.unknownFlag());
        assertThat(harness.count(Metric.MASTER_PACKET_IGNORED)).as("ignored").isEqualTo(expected.ignored());
        assertThat(harness.count(Metric.MASTER_FRAME_TOO_LARGE)).isEqualTo(outcome == Outcome.TOO_LARGE ? 1 : 0);
        assertThat(harness.count(Metric.MASTER_COUNTS_WRONG)).isEqualTo(outcome == Outcome.WRONG_COUNT ? 1 : 0);
        if (outcome == Outcome.GOES_ON) {
            harness.loop.advance(Duration.ofMillis(50));
            long acknowledged = Firehose3Case.heard(master).stream()
                    .filter(packet -> packet.message() instanceof Ack)
                    .mapToLong(packet -> ((Ack) packet.message()).count())
                    .max()
                    .orElse(0);
            assertThat(acknowledged).as("acknowledged").isEqualTo(expected.numbered());
        }
    }

    private static void checkClient(UplinkHarness.Link client, Firehose3Oracle expected) {
        assertThat(client.delivered()).containsExactlyElementsOf(expected.delivered(client.id));
        assertThat(client.detached).isEqualTo(expected.hasEnded(client.id) ? List.of(Detach.DELIVER) : List.of());
    }

    private static long numbered(List<Heard> packets) {
        return packets.stream().filter(packet -> packet.id() != 0).count();
    }
}
