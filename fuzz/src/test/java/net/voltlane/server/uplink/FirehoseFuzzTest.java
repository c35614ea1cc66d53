package net.voltlane.server.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.fuzz.Aftermath;
import net.voltlane.fuzz.Frames;
import net.voltlane.fuzz.Script;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.Logged;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort.Detach;
import net.voltlane.testkit.Bytes;

/**
 * Anything from the master, cut anywhere: {@link FirehoseOracle} says what must come of it. Only a frame over the limit
 * costs the master its link. Of the sessions 1 and 2 are live, and 3 is stale.
 *
 * <p>An input: how it is cut (see {@link Script#pieces}), and what the master sends.
 */
final class FirehoseFuzzTest {
    /** Of an {@link UplinkHarness}. */
    private static final int MISSED_PACKETS = 100;

    @FuzzTest
    void anyFirehose(byte[] input) {
        List<byte[]> pieces = new Script(input).pieces();
        FirehoseOracle expected = new FirehoseOracle(Frames.of(pieces, UplinkHarness.MAX_FRAME_BYTES), MISSED_PACKETS);
        Aftermath.of(() -> firehose(pieces, expected));
    }

    private static void firehose(List<byte[]> pieces, FirehoseOracle expected) {
        try (Logged log = new Logged(MasterUplink.class);
                UplinkHarness harness = new UplinkHarness()) {
            FakeChannel master = harness.connect();
            UplinkHarness.Link one = harness.open();
            UplinkHarness.Link two = harness.open();
            harness.open().lose();
            assertThat(UplinkHarness.heard(master)).as("their first packets").hasSize(3);
            for (byte[] piece : pieces) {
                master.receives(piece);
                harness.loop.run();
            }
            assertThat(master.isOutputShutdown()).as("the link is closed").isEqualTo(expected.isOverLimit());
            assertThat(one.delivered()).containsExactlyElementsOf(expected.delivered(one.id));
            assertThat(two.delivered()).containsExactlyElementsOf(expected.delivered(two.id));
            detach(harness, one);
            detach(harness, two);
            List<FirehosePacket> heard = new ArrayList<>(UplinkHarness.heard(master));
            if (expected.isOverLimit()) {
                harness.loop.advance(Duration.ofSeconds(5));
                heard.addAll(UplinkHarness.heard(harness.accept()));
            }
            assertThat(heard)
                    .extracting(packet -> packet.id() + " " + packet.flag().code() + " " + Bytes.text(packet.data()))
                    .containsExactlyInAnyOrderElementsOf(expected.toMaster());
            assertThat(harness.count(Metric.MASTER_PACKET_SHORT)).isEqualTo(expected.tooShort());
            assertThat(harness.count(Metric.MASTER_PACKET_UNKNOWN_FLAG)).isEqualTo(expected.unknownFlag());
            assertThat(harness.count(Metric.MASTER_PACKET_IGNORED)).isEqualTo(expected.ignored());
            assertThat(harness.count(Metric.MASTER_FRAME_TOO_LARGE)).isEqualTo(expected.isOverLimit() ? 1 : 0);
            assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR"));
        }
    }

    private static void detach(UplinkHarness harness, UplinkHarness.Link link) {
        if (!link.detached.isEmpty()) {
            assertThat(link.detached).containsExactly(Detach.DELIVER);
            harness.sessions.detached(link, List.of());
        }
        harness.loop.run();
    }
}
