package net.voltlane.server.uplink;

import static net.voltlane.server.link.Bufs.payload;
import static net.voltlane.server.uplink.UplinkHarness.MAX_FRAME_BYTES;
import static net.voltlane.server.uplink.UplinkHarness.data;
import static net.voltlane.server.uplink.UplinkHarness.failure;
import static net.voltlane.server.uplink.UplinkHarness.heard;
import static net.voltlane.server.uplink.UplinkHarness.packets;
import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.Logged;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort.Detach;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
final class FirehoseReaderTest {
    private final UplinkHarness harness = new UplinkHarness();
    private final FakeChannel master = harness.connect();
    private final UplinkHarness.Link one = harness.open();
    private final UplinkHarness.Link two = harness.open();
    private Logged log;

    @BeforeEach
    void begin() {
        log = new Logged(MasterUplink.class);
        assertThat(heard(master)).as("the first packets of both").hasSize(2);
    }

    @AfterEach
    void close() {
        log.close();
        harness.close();
    }

    private void send(byte[]... frames) {
        master.receives(concat(frames));
        harness.loop.run();
    }

    @Test
    void eachPacketGoesToItsSession() {
        send(data(one.id, 1, 5), data(two.id, 2, 6), data(one.id, 3, 0), data(one.id, 4, 70_000), data(one.id, 5, 1));
        assertThat(one.delivered()).containsExactly(payload(1, 5), payload(3, 0), payload(4, 70_000), payload(5, 1));
        assertThat(two.delivered()).containsExactly(payload(2, 6));
        assertThat(harness.count(Metric.PACKETS_DOWN)).isEqualTo(5);
        assertThat(harness.count(Metric.BYTES_DOWN)).isEqualTo(5 + 6 + 70_000 + 1);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void packetsSplitAtEveryByte() {
        byte[] all = concat(data(one.id, 1, 3), data(two.id, 2, 0), data(one.id, 3, 300), Frame.of(hex("01")));
        for (int at = 0; at <= all.length; at++) {
            send(Arrays.copyOf(all, at));
            send(Arrays.copyOfRange(all, at, all.length));
            assertThat(one.delivered()).as("split at %d", at).containsExactly(payload(1, 3), payload(3, 300));
            assertThat(two.delivered()).as("split at %d", at).containsExactly(payload(2, 0));
            assertThat(harness.count(Metric.MASTER_PACKET_SHORT)).isEqualTo(at + 1);
        }
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void oneByteAtATime() {
        for (byte b : concat(data(one.id, 1, 3), data(one.id, 2, 0), data(one.id, 3, 9))) {
            send(new byte[] {b});
        }
        assertThat(one.delivered()).containsExactly(payload(1, 3), payload(2, 0), payload(3, 9));
    }

    @Test
    void aKickEndsItsSessionAfterWhatWasSentBeforeIt() {
        send(data(one.id, 1, 5), Tag.frame(one.id, Flag.KICK, new byte[0]), data(one.id, 2, 6), data(two.id, 3, 7));
        assertThat(one.delivered()).containsExactly(payload(1, 5));
        assertThat(one.detached).containsExactly(Detach.DELIVER);
        assertThat(two.delivered()).containsExactly(payload(3, 7));
        harness.sessions.detached(one, List.of());
        harness.loop.run();
        assertThat(heard(master))
                .containsExactlyElementsOf(
                        packets(failure(one.id, Reason.CLIENT_KICKED), failure(one.id, Reason.CLIENT_NOT_FOUND)));
    }

    @Test
    void dataForNobodyIsAnsweredAndAKickIsNot() {
        send(data(99, 1, 5), Tag.frame(98, Flag.KICK, new byte[0]), data(-1, 1, 5));
        assertThat(heard(master))
                .containsExactlyElementsOf(
                        packets(failure(99, Reason.CLIENT_NOT_FOUND), failure(-1, Reason.CLIENT_NOT_FOUND)));
        assertThat(harness.count(Metric.NOT_FOUND_ANSWERED)).isEqualTo(2);
        assertThat(harness.count(Metric.PACKETS_DOWN)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 8})
    void aPacketShorterThanItsTagIsSkippedAndCounted(int length) {
        send(data(one.id, 1, 5), Frame.of(new byte[length]), data(one.id, 2, 6));
        assertThat(one.delivered()).containsExactly(payload(1, 5), payload(2, 6));
        assertThat(harness.count(Metric.MASTER_PACKET_SHORT)).isOne();
        assertThat(log.lines()).hasSize(1);
        assertThat(master.isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 127, 128, 255})
    void aPacketOfAnUnknownFlagIsSkippedAndCounted(int flag) {
        byte[] unknown = data(one.id, 9, 5);
        unknown[Tag.FLAG_OFFSET_IN_FRAME] = (byte) flag;
        send(data(one.id, 1, 5), unknown, data(one.id, 2, 6));
        assertThat(one.delivered()).containsExactly(payload(1, 5), payload(2, 6));
        assertThat(harness.count(Metric.MASTER_PACKET_UNKNOWN_FLAG)).isOne();
        assertThat(log.lines()).hasSize(1);
        assertThat(master.isOpen()).isTrue();
    }

    @Test
    void whatAnEchoingBackendSendsBackIsIgnoredAndCounted() {
        send(
                Tag.frame(one.id, Flag.RECONNECTION, new byte[0]),
                Tag.frame(one.id, Flag.FAILURE, utf8("Client kicked")),
                data(one.id, 2, 6));
        assertThat(one.delivered()).containsExactly(payload(2, 6));
        assertThat(one.detached).isEmpty();
        assertThat(harness.count(Metric.MASTER_PACKET_IGNORED)).isEqualTo(2);
        assertThat(heard(master)).isEmpty();
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aFrameMayBeAsLargeAsItsLimit() {
        send(data(one.id, 1, MAX_FRAME_BYTES - Tag.BYTES), data(one.id, 2, 6));
        assertThat(one.delivered()).containsExactly(payload(1, MAX_FRAME_BYTES - Tag.BYTES), payload(2, 6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A1860100", "FFFFFF7F", "00000080", "FFFFFFFF"})
    void aFrameOverTheLimitCostsTheMasterItsLink(String prefix) {
        for (int split = 0; split <= 4; split++) {
            UplinkHarness it = new UplinkHarness();
            FakeChannel channel = it.connect();
            UplinkHarness.Link link = it.open();
            try (Logged warned = new Logged(FirehoseReader.class)) {
                byte[] over = hex(prefix);
                channel.receives(concat(data(link.id, 1, 5), Arrays.copyOf(over, split)));
                it.loop.run();
                channel.receives(concat(Arrays.copyOfRange(over, split, 4), data(link.id, 2, 6)));
                it.loop.run();
                assertThat(warned.lines()).hasSize(1);
            }
            assertThat(link.delivered()).as("split at %d", split).containsExactly(payload(1, 5));
            assertThat(channel.isOutputShutdown())
                    .as("closed so that what was sent arrives")
                    .isTrue();
            assertThat(it.count(Metric.MASTER_FRAME_TOO_LARGE)).isOne();
            assertThat(it.count(Metric.MASTER_LOST)).isOne();
            assertThat(link.detached).as("its clients stay").isEmpty();
            it.close();
        }
    }

    @Test
    void anUnfinishedFrameHoldsNoMoreThanTwiceWhatHasCome() {
        send(concat(hex("A0860100"), new byte[1000])); // announces 100 000
        assertThat(harness.budget.heldBytes()).isBetween(1004L, 2L * 1004 + 64);
    }

    @Test
    void halfAPacketOfALostLinkIsNobodys() {
        send(data(one.id, 1, 5), Arrays.copyOf(data(one.id, 2, 6), 15));
        FakeChannel next = harness.reconnect(master);
        assertThat(harness.budget.heldBytes()).isZero();
        next.receives(data(one.id, 3, 7));
        harness.loop.run();
        assertThat(one.delivered()).containsExactly(payload(1, 5), payload(3, 7));
    }

    /** Data among packets that are skipped, in any pieces, against a model that only joins the pieces again. */
    @Test
    void randomPacketsInRandomPieces() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            List<byte[]> forOne = new ArrayList<>();
            List<byte[]> forTwo = new ArrayList<>();
            List<byte[]> all = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                int size = random.nextInt(12) == 0 ? random.nextInt(90_000) : random.nextInt(40);
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        forOne.add(payload(i, size));
                        all.add(data(one.id, i, size));
                    }
                    case 2, 3 -> {
                        forTwo.add(payload(i, size));
                        all.add(data(two.id, i, size));
                    }
                    default -> all.add(Frame.of(new byte[random.nextInt(9)]));
                }
            }
            for (byte[] piece : Bufs.split(concat(all.toArray(byte[][]::new)), 30_000, random)) {
                master.receives(piece);
                if (random.nextInt(3) == 0) {
                    harness.loop.run();
                }
            }
            harness.loop.run();
            assertThat(one.delivered()).containsExactlyElementsOf(forOne);
            assertThat(two.delivered()).containsExactlyElementsOf(forTwo);
            assertThat(harness.count(Metric.MASTER_PACKET_SHORT)).isEqualTo(400 - forOne.size() - forTwo.size());
            assertThat(harness.budget.heldBytes()).isZero();
        });
    }
}
