package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeHarness.MAX_FRAME_BYTES;
import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Reason;
import net.voltlane.server.edge.EdgeHarness.Master;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames from a client to the master. */
final class ClientLinkReceivingTest extends ClientLinkCase {
    @Test
    void framesAreForwardedUnderTheClientsId() {
        EdgeClient one = harness.open();
        EdgeClient two = harness.open();
        one.send(Frame.of(utf8("from one")));
        two.send(Frame.of(utf8("from two")));
        assertThat(harness.master.received())
                .containsExactly(Master.data(one.id, utf8("from one")), Master.data(two.id, utf8("from two")));
        assertThat(harness.count(Metric.PACKETS_UP)).isEqualTo(2);
        assertThat(harness.count(Metric.BYTES_UP)).isEqualTo(16);
    }

    @Test
    void framesSplitAtEveryByte() {
        EdgeClient client = harness.open();
        byte[] all = concat(frame(1, 3), frame(2, 0), frame(3, 300), frame(4, 1));
        for (int at = 0; at <= all.length; at++) {
            client.send(Arrays.copyOf(all, at));
            client.send(Arrays.copyOfRange(all, at, all.length));
            assertThat(harness.master.dataOf(client.id))
                    .as("split at %d", at)
                    .containsExactly(payload(1, 3), payload(2, 0), payload(3, 300), payload(4, 1));
        }
        assertThat(harness.budget.heldBytes()).isZero();
        assertThat(harness.count(Metric.PACKETS_UP)).isEqualTo(4L * (all.length + 1));
        assertThat(harness.count(Metric.BYTES_UP)).isEqualTo(304L * (all.length + 1));
    }

    @Test
    void oneByteAtATime() {
        EdgeClient client = harness.open();
        for (byte b : concat(frame(1, 3), frame(2, 0), frame(3, 9))) {
            client.send(new byte[] {b});
        }
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 3), payload(2, 0), payload(3, 9));
    }

    @Test
    void manyFramesOfOneReadKeepTheirOrder() {
        EdgeClient client = harness.open();
        int[] sizes = {0, 1, 4095, 4096, 4097, 0, 30_000, 2};
        byte[][] all = new byte[sizes.length][];
        List<byte[]> payloads = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            all[i] = frame(i, sizes[i]);
            payloads.add(payload(i, sizes[i]));
        }
        client.send(concat(all));
        assertThat(harness.master.dataOf(client.id)).containsExactlyElementsOf(payloads);
    }

    @Test
    void aFrameMayBeAsLargeAsItsLimit() {
        EdgeClient client = harness.open();
        client.send(concat(frame(1, MAX_FRAME_BYTES), frame(2, 5)));
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, MAX_FRAME_BYTES), payload(2, 5));
    }

    @Test
    void anUnfinishedFrameHoldsNoMoreThanTwiceWhatHasCome() {
        EdgeClient client = harness.open();
        client.send(concat(hex("A0860100"), new byte[1000])); // announces 100 000
        assertThat(harness.budget.heldBytes()).isBetween(1004L, 2L * 1004 + 64);
        assertThat(harness.master.received()).isEmpty();
    }

    @Test
    void aLinkThatEndsInTheMiddleOfAFrameForwardsNothingOfIt() {
        EdgeClient client = harness.open();
        client.send(concat(frame(1, 5), Arrays.copyOf(frame(2, 5), 8)));
        client.channel.finished();
        harness.run();
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 5));
        assertThat(harness.budget.heldBytes()).isZero();
        EdgeClient back = client.again().resume();
        back.send(frame(3, 5));
        assertThat(harness.master.received())
                .containsExactly(Master.reconnected(client.id), Master.data(client.id, payload(3, 5)));
    }

    static Stream<byte[]> oversized() {
        return Stream.of(hex("A1860100"), hex("FFFFFF7F"), hex("00000080"), hex("FFFFFFFF"));
    }

    @ParameterizedTest
    @MethodSource("oversized")
    void aFrameOverTheLimitEndsTheSessionAfterWhatCameBeforeIt(byte[] prefix) {
        for (int split = 0; split <= prefix.length; split++) {
            EdgeClient client = harness.open();
            byte[] before = concat(frame(1, 5), frame(2, 6));
            client.send(concat(before, Arrays.copyOf(prefix, split)));
            client.send(concat(Arrays.copyOfRange(prefix, split, prefix.length), frame(3, 7)));
            assertThat(harness.master.received())
                    .as("split at %d", split)
                    .containsExactly(
                            Master.data(client.id, payload(1, 5)),
                            Master.data(client.id, payload(2, 6)),
                            Master.failed(client.id, Reason.FRAME_TOO_LARGE));
            assertThat(client.isClosed()).isTrue();
            assertThat(harness.sessions.size()).isZero();
        }
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void aClientIsNotReadFromOnceItsFrameWasOverTheLimit() {
        EdgeClient client = harness.open();
        client.channel.receives(hex("FFFFFFFF"));
        harness.clientLoop.run(); // and the session has not answered yet
        assertThat(client.channel.config().isAutoRead()).isFalse();
        client.channel.receives(frame(1, 5));
        harness.clientLoop.run();
        assertThat(client.channel.unreadBytes()).isEqualTo(9);
        harness.run();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void whatCameBeforeAFrameOverTheLimitIsCounted() {
        EdgeClient client = harness.open();
        client.send(concat(frame(1, 5), frame(2, 6), hex("FFFFFFFF")));
        assertThat(harness.count(Metric.PACKETS_UP)).isEqualTo(2);
        assertThat(harness.count(Metric.BYTES_UP)).isEqualTo(11);
        assertThat(harness.count(Metric.ENDED_FRAME_TOO_LARGE)).isOne();
    }

    @Test
    void aStrangerOverTheLimitEndsWithoutAWord() {
        EdgeClient client = harness.open();
        client.send(hex("FFFFFFFF"));
        assertThat(harness.master.received()).isEmpty();
        assertThat(harness.sessions.size()).isZero();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void aFrameOverTheLimitStillLetsWhatWasQueuedBeDelivered() {
        EdgeClient client = harness.open();
        client.channel.takes(3);
        sendNumbered(client, 1, 2);
        client.send(hex("FFFFFFFF"));
        assertThat(client.channel.isOutputShutdown()).isFalse();
        client.channel.takesAll();
        harness.run();
        assertThat(client.data()).containsExactly(numbered(1, 2));
        assertThat(client.isClosed()).isTrue();
    }

    /** Several clients in any pieces against a model that only joins the pieces again. */
    @Test
    void randomFramesInRandomPieces() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            List<EdgeClient> clients = Stream.generate(harness::open).limit(3).toList();
            List<List<byte[]>> sent = new ArrayList<>();
            List<List<byte[]>> pieces = new ArrayList<>();
            for (int c = 0; c < clients.size(); c++) {
                List<byte[]> payloads = new ArrayList<>();
                List<byte[]> all = new ArrayList<>();
                for (int i = 0; i < 60; i++) {
                    int size = random.nextInt(6) == 0 ? random.nextInt(70_000) : random.nextInt(50);
                    payloads.add(payload(100 * c + i, size));
                    all.add(frame(100 * c + i, size));
                }
                sent.add(payloads);
                pieces.add(Bufs.split(concat(all.toArray(byte[][]::new)), 20_000, random));
            }
            List<List<byte[]>> heard = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            int[] next = new int[clients.size()];
            while (IntStream.range(0, next.length)
                    .anyMatch(c -> next[c] < pieces.get(c).size())) {
                int c = random.nextInt(next.length);
                if (next[c] < pieces.get(c).size()) {
                    clients.get(c).channel.receives(pieces.get(c).get(next[c]++));
                }
                if (random.nextInt(3) == 0) {
                    harness.run();
                }
            }
            harness.run();
            for (FirehosePacket packet : harness.master.received()) {
                int c = IntStream.range(0, 3)
                        .filter(i -> clients.get(i).id == packet.id())
                        .findFirst()
                        .orElseThrow();
                heard.get(c).add(packet.data());
            }
            for (int c = 0; c < clients.size(); c++) {
                assertThat(heard.get(c)).containsExactlyElementsOf(sent.get(c));
            }
            assertThat(harness.budget.heldBytes()).isZero();
        });
    }
}
