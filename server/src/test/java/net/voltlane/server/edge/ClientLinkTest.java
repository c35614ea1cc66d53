package net.voltlane.server.edge;

import static net.voltlane.server.edge.EdgeClient.VERSION;
import static net.voltlane.server.edge.EdgeClient.frames;
import static net.voltlane.server.edge.EdgeHarness.MAX_FRAME_BYTES;
import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.hex;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.voltlane.protocol.ChallengeResponse;
import net.voltlane.protocol.FirehosePacket;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Ping;
import net.voltlane.protocol.PubKey;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.server.edge.EdgeHarness.Master;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.metrics.Metric;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(LeakCheck.class)
final class ClientLinkTest {
    private EdgeHarness harness = new EdgeHarness();

    @AfterEach
    void close() {
        harness.close();
    }

    /** Starts over with bounds for what waits for a client. */
    private void bounds(int packets, int bytes, boolean blocks) {
        harness.close();
        harness = new EdgeHarness(new EdgeSettings(
                MAX_FRAME_BYTES, EdgeHarness.HANDSHAKE_TIMEOUT.toNanos(), new QueueBounds(packets, bytes), blocks, 0));
    }

    /** The master sends numbered packets of ten bytes, each in a batch of its own. */
    private void sendNumbered(EdgeClient to, int first, int last) {
        for (int i = first; i <= last; i++) {
            harness.send(to.id, payload(i, 10));
            harness.run();
        }
    }

    private static byte[][] numbered(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> payload(i, 10)).toArray(byte[][]::new);
    }

    // ---- up: frames

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

    // ---- up: held back

    @Test
    void aShutGateStopsEachClientAfterOneSmallReadAndAnOpenOneLetsAllOfItCome() {
        EdgeClient client = harness.open();
        EdgeClient idle = harness.open();
        harness.gate.shut();
        byte[] all = concat(IntStream.range(0, 1000).mapToObj(i -> frame(i, 16)).toArray(byte[][]::new));
        client.send(all);
        assertThat(client.channel.unreadBytes()).isGreaterThanOrEqualTo(all.length - 512);
        assertThat(client.channel.config().isAutoRead()).isFalse();
        client.send(frame(1000, 16));
        assertThat(client.channel.unreadBytes()).isGreaterThan(all.length - 512);
        assertThat(idle.channel.config().isAutoRead())
                .as("who sends nothing is not stopped")
                .isTrue();

        harness.gate.open();
        harness.run();
        assertThat(client.channel.unreadBytes()).isZero();
        List<byte[]> heard = harness.master.dataOf(client.id);
        assertThat(heard).hasSize(1001);
        for (int i = 0; i < heard.size(); i++) {
            assertThat(heard.get(i)).isEqualTo(payload(i, 16));
        }
    }

    @Test
    void clientsWaitForASessionLoopThatIsBehind() {
        EdgeClient client = harness.open();
        int count = 100;
        byte[] all =
                concat(IntStream.range(0, count).mapToObj(i -> frame(i, 60_000)).toArray(byte[][]::new));
        client.channel.receives(all);
        harness.clientLoop.run(); // and not the session loop
        int unread = client.channel.unreadBytes();
        assertThat(all.length - unread).isBetween(4 * 1024 * 1024, 5 * 1024 * 1024);
        harness.gate.shut();
        harness.gate.open();
        harness.clientLoop.run();
        assertThat(client.channel.unreadBytes())
                .as("an open gate is not enough")
                .isEqualTo(unread);
        harness.run();
        assertThat(client.channel.unreadBytes()).isZero();
        assertThat(harness.master.dataOf(client.id)).hasSize(count);
    }

    @Test
    void clientsThatWaitedForTheSessionLoopGoOnWaitingForTheGate() {
        EdgeClient client = harness.open();
        byte[] all =
                concat(IntStream.range(0, 100).mapToObj(i -> frame(i, 60_000)).toArray(byte[][]::new));
        client.channel.receives(all);
        harness.clientLoop.run();
        harness.gate.shut();
        harness.run();
        assertThat(client.channel.unreadBytes()).isPositive();
        harness.gate.open();
        harness.run();
        assertThat(client.channel.unreadBytes()).isZero();
    }

    @Test
    void aLinkThatIsLostWhileHeldBackForwardsWhatWasReadAndIsNotReadAgain() {
        EdgeClient client = harness.open();
        harness.gate.shut();
        client.send(concat(frame(1, 100), frame(2, 1000)));
        client.channel.broken(new IOException("reset by peer"));
        harness.run();
        harness.gate.open();
        harness.run();
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 100));
        assertThat(harness.count(Metric.LINKS_LOST)).isOne();
    }

    @Test
    void newSessionsAreOpenedWhileClientsAreHeldBack() {
        harness.gate.shut();
        EdgeClient client = harness.open();
        client.send(frame(1, 1000));
        assertThat(harness.master.received()).isEmpty();
        harness.gate.open();
        harness.run();
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 1000));
    }

    // ---- up: while the session is asked for

    @Test
    void whatComesWhileASessionIsAskedForIsForwardedOnceItIsThere() {
        EdgeClient client = harness.connect();
        client.channel.receives(concat(frames(VERSION, new PubKey(client.keys.publicKey())), frame(1, 5)));
        harness.clientLoop.run(); // the session loop has not answered yet
        client.channel.receives(concat(frame(2, 6), Arrays.copyOf(frame(3, 2000), 1000)));
        harness.clientLoop.run();
        assertThat(client.channel.unreadBytes()).as("nothing is read meanwhile").isPositive();
        harness.run();
        client.expect(PubKey.class);
        client.adopt();
        client.send(Arrays.copyOfRange(frame(3, 2000), 1000, 2004));
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 5), payload(2, 6), payload(3, 2000));
    }

    @Test
    void aClientThatSendsAheadAndClosesIsHeardToItsEnd() {
        for (int size : new int[] {5, 2000}) {
            EdgeClient client = harness.connect();
            client.channel.receives(frames(VERSION, new PubKey(client.keys.publicKey())));
            harness.clientLoop.run();
            client.channel.receives(concat(frame(1, size), frame(2, 3)));
            client.channel.finished(); // makes the transport read to the end, though nothing is asked for
            harness.clientLoop.run();
            assertThat(harness.master.received()).isEmpty();
            harness.run();
            assertThat(harness.master.received().stream().map(FirehosePacket::data))
                    .containsExactly(payload(1, size), payload(2, 3));
            assertThat(client.channel.isOpen()).isFalse();
        }
        assertThat(harness.sessions.staleSize()).isEqualTo(2);
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void whatCameBehindTheProofIsHeardThoughTheLinkIsLostBeforeTheSessionAnswers() {
        EdgeClient client = harness.open();
        client.send(frame(1, 5));
        client.channel.broken(new IOException("reset by peer"));
        harness.run();
        harness.master.received();
        EdgeClient back = client.again();
        back.channel.receives(concat(
                frames(new ChallengeResponse(back.answerTo(back.challenge())), new Ping()),
                frame(2, 5),
                frame(3, 5),
                new byte[] {9}));
        harness.clientLoop.run();
        back.channel.broken(new IOException("reset by peer"));
        harness.run();
        assertThat(harness.master.received())
                .containsExactly(
                        Master.reconnected(client.id),
                        Master.data(client.id, payload(2, 5)),
                        Master.data(client.id, payload(3, 5)));
        assertThat(harness.sessions.staleSize()).isOne();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void anErrorOfOursInOneClientsSendingTouchesNoOther() {
        harness.close();
        FailingAllocator allocator = new FailingAllocator();
        harness = EdgeHarness.of(allocator);
        EdgeClient first = harness.open();
        EdgeClient other = harness.open();
        first.send(frame(1, 1));
        harness.master.received();
        first.channel.takes(0);
        harness.send(first.id, payload(1, 50));
        harness.send(other.id, payload(2, 50));
        allocator.failsNext();
        harness.run();
        harness.send(other.id, payload(3, 50));
        harness.run();
        assertThat(other.data()).containsExactly(payload(2, 50), payload(3, 50));
        assertThat(first.channel.isOpen()).isFalse();
        assertThat(harness.master.received()).containsExactly(Master.failed(first.id, Reason.MEMORY_LIMIT));
    }

    @Test
    void moreThanPlentyThatIsForcedInWhileASessionIsAskedForClosesTheLink() {
        EdgeClient client = harness.connect();
        client.channel.receives(frames(VERSION, new PubKey(client.keys.publicKey())));
        harness.clientLoop.run();
        client.channel.receives(new byte[70_000]);
        while (client.channel.unreadBytes() > 0 && client.channel.isOpen()) {
            client.channel.readForced();
            harness.clientLoop.run();
        }
        assertThat(client.channel.isOpen()).isFalse();
        harness.run();
        assertThat(harness.sessions.staleSize()).isOne();
        assertThat(harness.master.received().size() * 4)
                .as("bytes of empty frames")
                .isBetween(60_000, 69_999);
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void whatIsForcedInWhileHeldBackIsForwardedAsLongAsThereIsRoom() {
        harness.close();
        harness = new EdgeHarness(EdgeHarness.SETTINGS, 20_000);
        EdgeClient client = harness.open();
        EdgeClient other = harness.open();
        harness.gate.shut();
        client.send(concat(frame(1, 100), frame(2, 3_000)));
        client.channel.readForced();
        harness.run();
        assertThat(client.channel.isOpen()).isTrue();
        other.channel.takes(0);
        harness.send(other.id, payload(1, 12_000)); // more than half of what may be held
        harness.run();
        client.channel.readForced();
        harness.run();
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 100));
    }

    @Test
    void aLinkThatBreaksWhileItsSessionIsAskedForLeavesAStaleSession() {
        EdgeClient client = harness.connect();
        client.channel.receives(frames(VERSION, new PubKey(client.keys.publicKey())));
        harness.clientLoop.run();
        client.channel.broken(new IOException("reset by peer"));
        harness.run();
        assertThat(harness.sessions.staleSize()).isOne();
        assertThat(harness.master.received()).isEmpty();
    }

    @Test
    void aSuccessorThatIsLostBeforeItsTurnLeavesTheSessionStaleWithItsLeftovers() {
        EdgeClient client = harness.open();
        client.channel.takes(3);
        sendNumbered(client, 1, 2);
        EdgeClient back = client.again();
        back.channel.receives(frames(new ChallengeResponse(back.answerTo(back.challenge())), new Ping()));
        harness.clientLoop.run();
        harness.sessionLoop.run(); // has asked the old link for what it did not deliver
        back.channel.broken(new IOException("reset by peer"));
        harness.run();
        assertThat(harness.sessions.staleSize()).isOne();
        assertThat(client.again().resume().data()).containsExactly(numbered(1, 2));
    }

    @Test
    void aSessionThatIsRefusedClosesItsLink() {
        harness.sessions.stop(() -> {});
        EdgeClient client = harness.connect();
        client.send(concat(frames(VERSION, new PubKey(client.keys.publicKey())), frame(1, 5)));
        client.expect(PubKey.class);
        assertThat(client.isClosed()).isTrue();
        assertThat(harness.master.received()).isEmpty();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    // ---- down

    @Test
    void packetsAreDeliveredInOrderSmallAndLarge() {
        EdgeClient client = harness.open();
        int[] sizes = {0, 1, 4095, 4096, 5, 70_000, 0};
        List<byte[]> payloads = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            payloads.add(payload(i, sizes[i]));
            harness.send(client.id, payloads.get(i));
        }
        harness.run();
        assertThat(client.data()).containsExactlyElementsOf(payloads);
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void oneClientsPacketsOfOneBatchAreOneWrite() {
        EdgeClient client = harness.open();
        client.channel.takes(0);
        harness.send(client.id, payload(1, 10));
        harness.send(client.id, payload(2, 10));
        assertThat(client.rest()).isEmpty();
        harness.run();
        client.channel.takes(28);
        assertThat(client.data()).containsExactly(numbered(1, 2));
    }

    @Test
    void packetsThatTheSocketTakesAreNeverTooMany() {
        bounds(2, 30, false);
        EdgeClient client = harness.open();
        for (int i = 0; i < 100; i++) {
            harness.send(client.id, payload(i, 10));
        }
        harness.run();
        assertThat(client.data()).hasSize(100);
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void onePacketMoreThanTheCapacityFailsTheSession() {
        bounds(4, 1_000_000, false);
        EdgeClient client = harness.open();
        client.send(frame(9, 1));
        client.channel.takes(0);
        sendNumbered(client, 1, 4);
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(9, 1));
        sendNumbered(client, 5, 5);
        assertThat(harness.master.received()).containsExactly(Master.failed(client.id, Reason.BUFFER_OVERFLOW));
        assertThat(harness.count(Metric.ENDED_BUFFER_OVERFLOW)).isOne();
        assertThat(client.isClosed()).isTrue();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void whatTheSocketHasTakenMeanwhileDoesNotCount() {
        bounds(4, 1_000_000, false);
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 4);
        client.channel.takes(14 + 14); // two of them
        sendNumbered(client, 5, 6);
        assertThat(client.isClosed()).isFalse();
        client.channel.takes(13); // not wholly taken
        sendNumbered(client, 7, 7);
        assertThat(harness.count(Metric.ENDED_BUFFER_OVERFLOW)).isOne();
    }

    @Test
    void bytesAreBoundedAsWell() {
        bounds(1000, 28, false);
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 2);
        assertThat(client.isClosed()).isFalse();
        harness.send(client.id, new byte[0]);
        harness.run();
        assertThat(harness.count(Metric.ENDED_BUFFER_OVERFLOW)).isOne();
    }

    @Test
    void onePacketAlwaysFitsIntoAnEmptyQueue() {
        bounds(1, 10, false);
        EdgeClient client = harness.open();
        client.channel.takes(0);
        harness.send(client.id, payload(1, 50_000));
        harness.run();
        assertThat(client.isClosed()).isFalse();
        client.channel.takesAll();
        assertThat(client.data()).containsExactly(payload(1, 50_000));
        client.channel.takes(0);
        harness.send(client.id, payload(2, 50_000));
        harness.run();
        assertThat(client.isClosed()).isFalse();
        sendNumbered(client, 3, 3);
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void aClientThatDoesNotReadCostsNoOther() {
        bounds(4, 1_000_000, false);
        EdgeClient slow = harness.open();
        EdgeClient other = harness.open();
        slow.channel.takes(0);
        for (int i = 1; i <= 20; i++) {
            sendNumbered(slow, i, i);
            sendNumbered(other, i, i);
        }
        assertThat(other.data()).containsExactly(numbered(1, 20));
        assertThat(harness.master.blocked).isFalse();
    }

    @Test
    void underBlockTheFirehoseWaitsUntilHalfIsLeft() {
        bounds(4, 1_000_000, true);
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 4);
        assertThat(harness.master.blocked).isFalse();
        sendNumbered(client, 5, 5);
        assertThat(harness.master.blocked).isTrue();
        assertThat(harness.count(Metric.FIREHOSE_BLOCKED)).isOne();
        sendNumbered(client, 6, 6); // was on its way
        client.channel.takes(3 * 14);
        harness.run();
        sendNumbered(client, 7, 7);
        assertThat(harness.master.blocked).as("four wait").isTrue();
        client.channel.takesAll();
        harness.run();
        assertThat(harness.master.blocked).isFalse();
        assertThat(client.data()).containsExactly(numbered(1, 7));
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void underBlockBytesWaitForHalfOfThemAsWell() {
        bounds(1_000_000, 4 * 14, true);
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 5);
        assertThat(harness.master.blocked).isTrue();
        client.channel.takes(2 * 14); // three are left
        sendNumbered(client, 6, 6); // and four with this one
        assertThat(harness.master.blocked).isTrue();
        client.channel.takes(2 * 14 - 1);
        harness.send(client.id, new byte[0]);
        harness.run();
        assertThat(harness.master.blocked).as("three and a small one").isTrue();
        client.channel.takesAll();
        assertThat(client.data()).hasSize(7);
        harness.run();
        assertThat(harness.master.blocked).isFalse();
    }

    @Test
    void underBlockALinkThatIsLostUnblocks() {
        bounds(2, 1_000_000, true);
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 3);
        assertThat(harness.master.blocked).isTrue();
        client.channel.broken(new IOException("reset by peer"));
        harness.run();
        assertThat(harness.master.blocked).isFalse();
        assertThat(client.again().resume().data()).containsExactly(numbered(1, 3));
    }

    @Test
    void atTheMemoryLimitTheSessionThatHoldsMostFails() {
        harness.close();
        harness = new EdgeHarness(EdgeHarness.SETTINGS, 12_000);
        EdgeClient slow = harness.open();
        EdgeClient lesser = harness.open();
        EdgeClient half = harness.open();
        for (EdgeClient client : List.of(slow, lesser, half)) {
            client.send(frame(9, 9));
            client.channel.takes(0);
        }
        harness.master.received();
        harness.send(lesser.id, payload(1, 500));
        harness.send(slow.id, payload(1, 5_000));
        harness.send(slow.id, payload(2, 5_000));
        half.send(Arrays.copyOf(frame(1, 5_000), 3_000)); // what it has not sent whole is held for it as well
        harness.run();
        harness.sessions.shed();
        harness.run();
        assertThat(harness.master.received()).containsExactly(Master.failed(slow.id, Reason.MEMORY_LIMIT));
        assertThat(slow.isClosed()).isTrue();
        assertThat(harness.budget.heldBytes()).isBetween(3_500L, 8_000L);
    }

    // ---- the end: three ways to detach

    @Test
    void aTakenOverLinkGivesBackWhatItsSocketHasNotWhollyTaken() {
        EdgeClient old = harness.open();
        old.send(frame(0, 4));
        old.channel.takes(14 + 5);
        sendNumbered(old, 1, 3);
        EdgeClient back = old.again().resume();
        assertThat(back.data()).containsExactly(numbered(2, 3));
        assertThat(old.data()).containsExactly(numbered(1, 1));
        assertThat(old.isClosed()).isTrue();
        old.channel.takesAll();
        old.send(frame(4, 4));
        assertThat(harness.master.received())
                .as("nothing that the old link read comes after the Reconnection")
                .containsExactly(Master.data(old.id, payload(0, 4)), Master.reconnected(old.id));
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void whoComesBackWithoutHavingSaidAnythingIsMentionedWhenItSpeaks() {
        EdgeClient silent = harness.open();
        EdgeClient back = silent.again().resume();
        assertThat(harness.master.received()).isEmpty();
        back.send(concat(frame(1, 5), frame(2, 5)));
        assertThat(harness.master.received())
                .containsExactly(Master.data(silent.id, payload(1, 5)), Master.data(silent.id, payload(2, 5)));
        EdgeClient again = back.again().resume();
        again.send(frame(3, 5));
        assertThat(harness.master.received())
                .containsExactly(Master.reconnected(silent.id), Master.data(silent.id, payload(3, 5)));
    }

    @Test
    void atEveryCutTheNextLinkGetsTheRestOnce() {
        byte[] all = concat(frame(1, 10), frame(2, 0), frame(3, 5));
        byte[][] payloads = {payload(1, 10), payload(2, 0), payload(3, 5)};
        int[] ends = {14, 18, 27};
        for (int cut = 0; cut <= all.length; cut++) {
            EdgeClient client = harness.open();
            client.channel.takes(cut);
            for (byte[] payload : payloads) {
                harness.send(client.id, payload);
            }
            harness.run();
            client.channel.broken(new IOException("reset by peer"));
            harness.run();
            int whole = 0;
            while (whole < ends.length && ends[whole] <= cut) {
                whole++;
            }
            assertThat(client.again().resume().data())
                    .as("cut after %d bytes", cut)
                    .containsExactly(Arrays.copyOfRange(payloads, whole, payloads.length));
        }
    }

    @Test
    void whatWasDeliveredToALostLinkBeforeItWasDetachedComesBackAsWell() {
        EdgeClient client = harness.open();
        client.channel.broken(new IOException("reset by peer"));
        harness.send(client.id, payload(1, 10));
        harness.sessionLoop.run(); // the session loop does not know yet
        harness.send(client.id, payload(2, 10));
        harness.run();
        assertThat(client.again().resume().data()).containsExactly(numbered(1, 2));
    }

    @Test
    void aKickedLinkDeliversWhatWasQueuedThenCloses() {
        EdgeClient client = harness.open();
        client.send(frame(9, 9));
        client.channel.takes(3);
        sendNumbered(client, 1, 3);
        harness.sessions.kick(client.id);
        harness.run();
        client.send(frame(8, 8));
        assertThat(harness.master.received())
                .as("nothing is read any more, and Failure does not wait for the delivery")
                .containsExactly(Master.data(client.id, payload(9, 9)), Master.failed(client.id, Reason.CLIENT_KICKED));
        assertThat(client.isClosed()).isFalse();
        client.channel.takes(30);
        harness.run();
        assertThat(client.isClosed()).isFalse();
        client.channel.takesAll();
        harness.run();
        assertThat(client.data()).containsExactly(numbered(1, 3));
        assertThat(client.isClosed()).isTrue();
        assertThat(client.channel.isOpen()).as("until its FIN").isTrue();
        client.channel.finished();
        harness.run();
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void aKickedLinkGoesOnReadingSoThatAPeerStuckInAWriteCanRead() {
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 1);
        harness.sessions.kick(client.id);
        harness.run();
        client.send(new byte[100_000]);
        assertThat(client.channel.unreadBytes()).isZero();
        assertThat(harness.budget.heldBytes()).as("it is dropped").isLessThan(1_000);
        assertThat(harness.master.received()).isEmpty();
        client.channel.takesAll();
        harness.run();
        assertThat(client.data()).containsExactly(numbered(1, 1));
    }

    @Test
    void aKickedLinkWithNothingQueuedClosesAtOnce() {
        EdgeClient client = harness.open();
        harness.sessions.kick(client.id);
        harness.run();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void aKickedClientThatTakesNothingIsGivenUp() {
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 1);
        harness.sessions.kick(client.id);
        harness.run();
        harness.advance(Duration.ofSeconds(5).minusNanos(1));
        assertThat(client.channel.isOpen()).isTrue();
        harness.advance(Duration.ofNanos(1));
        assertThat(client.channel.wasReset()).isTrue();
        assertThat(harness.count(Metric.LINKS_RESET)).isOne();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void aKickedClientThatReadsSlowlyGetsMoreTimeButNotForEver() {
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 10);
        harness.sessions.kick(client.id);
        harness.run();
        for (int i = 0; i < 5; i++) {
            client.channel.takes(1);
            harness.advance(Duration.ofSeconds(5));
            assertThat(client.channel.isOpen()).as("after %d s", 5 * (i + 1)).isTrue();
        }
        client.channel.takes(1);
        harness.advance(Duration.ofSeconds(5));
        assertThat(client.channel.wasReset()).isTrue();
    }

    @Test
    void aDeliveryThatLosesItsLinkIsOver() {
        EdgeClient client = harness.open();
        client.channel.takes(0);
        sendNumbered(client, 1, 3);
        harness.sessions.kick(client.id);
        harness.run();
        client.channel.broken(new IOException("reset by peer"));
        harness.run();
        assertThat(harness.budget.heldBytes()).isZero();
        harness.advance(Duration.ofSeconds(5));
        assertThat(harness.count(Metric.LINKS_RESET)).isZero();
    }

    @Test
    void atTheMemoryLimitDeliveriesAreGivenUp() {
        EdgeClient kicked = harness.open();
        EdgeClient live = harness.open();
        kicked.channel.takes(0);
        live.channel.takes(0);
        sendNumbered(kicked, 1, 3);
        sendNumbered(live, 1, 3);
        harness.sessions.kick(kicked.id);
        harness.run();
        harness.loop.timeouts.shed();
        assertThat(kicked.channel.wasReset()).isTrue();
        assertThat(live.channel.isOpen()).isTrue();
    }

    @Test
    void anOverflownLinkDropsWhatItHolds() {
        bounds(2, 1_000_000, false);
        EdgeClient client = harness.open();
        client.send(frame(9, 9));
        client.channel.takes(14);
        sendNumbered(client, 1, 4);
        assertThat(harness.master.received())
                .containsExactly(
                        Master.data(client.id, payload(9, 9)), Master.failed(client.id, Reason.BUFFER_OVERFLOW));
        client.channel.takesAll();
        assertThat(client.data()).containsExactly(numbered(1, 1));
        assertThat(client.isClosed()).isTrue();
        assertThat(harness.budget.heldBytes()).isZero();
    }

    @Test
    void aFailureComesBehindTheClientsLastData() {
        EdgeClient client = harness.open();
        client.channel.receives(frame(1, 5));
        harness.clientLoop.runOne(); // read, and not yet handed over
        harness.sessions.kick(client.id);
        harness.run();
        assertThat(harness.master.received())
                .containsExactly(Master.data(client.id, payload(1, 5)), Master.failed(client.id, Reason.CLIENT_KICKED));
    }

    // ---- one loop for all

    @Test
    void onOneLoopAllOfItWorksAsWell() {
        harness.close();
        harness = EdgeHarness.ofOneLoop();
        EdgeClient client = harness.open();
        client.send(concat(frame(1, 5), frame(2, 70_000), frame(3, 0)));
        assertThat(harness.master.dataOf(client.id)).containsExactly(payload(1, 5), payload(2, 70_000), payload(3, 0));

        client.channel.takes(14 + 3);
        sendNumbered(client, 1, 3);
        EdgeClient back = client.again().resume();
        assertThat(back.data()).containsExactly(numbered(2, 3));

        back.channel.takes(0);
        sendNumbered(back, 4, 5);
        harness.sessions.kick(back.id);
        harness.run();
        back.channel.takesAll();
        harness.run();
        assertThat(back.data()).containsExactly(numbered(4, 5));
        assertThat(harness.master.received())
                .containsExactly(Master.reconnected(back.id), Master.failed(back.id, Reason.CLIENT_KICKED));
    }

    @Test
    void onOneLoopALargeReadIsHandedOverWithinTheTick() {
        harness.close();
        harness = EdgeHarness.ofOneLoop();
        List<EdgeClient> clients = Stream.generate(harness::open).limit(6).toList();
        clients.forEach(client -> client.channel.receives(frame(1, 60_000)));
        for (int i = 0; i < clients.size(); i++) {
            harness.clientLoop.runOne(); // six reads of one tick
        }
        assertThat(harness.master.received())
                .as("five of them were enough for a batch")
                .hasSize(5);
        harness.run();
        assertThat(harness.master.received()).hasSize(1);
    }
}
