package net.voltlane.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of numbers, acknowledgements and resumes of version 3, in both directions. */
@Timeout(120)
@ExtendWith({ThreadsLeft.class, SocketsLeft.class})
final class Version3DeliveryTest extends Version3Client {

    @Test
    void packetsGoBothWays() throws Exception {
        int[] sizes = {0, 1, 16_374, 16_375, 16_376, 70_000, 0, 300_000};
        try (ScriptedServer server = ScriptedServer.of(opens(Version3Client::echo));
                VoltlaneClient client = client(server).connect()) {
            assertThat(client.protocol()).isEqualTo(Protocol.V3);
            for (int size : sizes) {
                client.send(new byte[size]);
            }
            for (int size : sizes) {
                assertThat(client.receive(LONG)).hasSize(size);
            }
            await().until(() -> client.unacknowledged() == 0);
        }
    }

    @Test
    void whatTheServerHasNotReadIsSentAgainAndNothingElse() throws Exception {
        BlockingQueue<byte[]> got = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.of(
                        opens((link, peer) -> {
                            link.nextData();
                            link.nextData();
                            link.nextData();
                            link.ack(1);
                            peer.reset();
                        }),
                        version3((link, peer) -> {
                            var asked = link.askedToResume(session);
                            assertThat(asked.received()).isZero();
                            assertThat(asked.kept()).isEqualTo(2);
                            link.resumed(asked, 2);
                            got.add(link.nextData());
                            got.add(link.nextData());
                            link.ack(4);
                            link.serve();
                        }));
                VoltlaneClient client = client(server).connect()) {
            time.hold();
            client.send(Bytes.utf8("1"));
            client.send(Bytes.utf8("2"));
            client.send(Bytes.utf8("3"));
            events.until("suspended");
            client.send(Bytes.utf8("4"));
            assertThat(client.unacknowledged()).isEqualTo(3);
            time.release();
            assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo(Bytes.utf8("3"));
            assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo(Bytes.utf8("4"));
            await().until(() -> client.unacknowledged() == 0);
            assertThat(client.discardedPackets()).isZero();
        }
    }

    @Test
    void aFutureCompletesWithTheAckThatCoversItsNumber() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> {
                    link.nextData();
                    link.nextData();
                    link.ack(1);
                    second.await();
                    link.ack(2);
                    link.serve();
                }));
                VoltlaneClient client = client(server).connect()) {
            CompletableFuture<Void> one = client.sendAcknowledged(Bytes.utf8("1"));
            CompletableFuture<Void> two = client.sendAcknowledged(Bytes.utf8("2"));
            one.get(20, TimeUnit.SECONDS);
            assertThat(two).isNotDone();
            second.countDown();
            two.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aFutureThatFailsTellsWhatIsKnown() throws Exception {
        CompletableFuture<Void> atServer;
        CompletableFuture<Void> sent;
        CompletableFuture<Void> waiting;
        try (ScriptedServer server = ScriptedServer.of(
                opens((link, peer) -> {
                    link.nextData();
                    link.nextData();
                    peer.reset();
                }),
                resumes(1, (link, peer) -> {
                    link.nextData();
                    peer.reset();
                }),
                version3((link, peer) -> {
                    link.askedToResume(session);
                    peer.stall();
                }))) {
            VoltlaneClient client =
                    client(server).closeTimeout(Duration.ofMillis(50)).connect();
            atServer = client.sendAcknowledged(Bytes.utf8("1"));
            sent = client.sendAcknowledged(Bytes.utf8("2"));
            events.until("resumed");
            events.until("suspended");
            waiting = client.sendAcknowledged(Bytes.utf8("3"));
            client.close();
        }
        assertThat(fate(atServer)).isEqualTo(PacketFate.AT_SERVER);
        assertThat(fate(sent)).isEqualTo(PacketFate.UNKNOWN);
        assertThat(fate(waiting)).isEqualTo(PacketFate.NOT_SENT);
    }

    private static PacketFate fate(CompletableFuture<Void> future) {
        Throwable thrown = catchThrowable(() -> future.get(20, TimeUnit.SECONDS));
        assertThat(thrown).isInstanceOf(ExecutionException.class);
        assertThat(thrown.getCause()).isInstanceOf(NotAcknowledgedException.class);
        assertThat(thrown.getCause().getCause()).isInstanceOf(ClientClosedException.class);
        return ((NotAcknowledgedException) thrown.getCause()).fate();
    }

    @Test
    void theSendBufferCountsWhatIsNotAcknowledged() throws Exception {
        CountDownLatch full = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> {
                    link.nextData();
                    link.nextData();
                    full.await();
                    link.ack(1);
                    link.serve();
                }));
                VoltlaneClient client =
                        client(server).sendBuffer(2, 100, SendPolicy.FAIL).connect()) {
            client.send(Bytes.utf8("1"));
            client.send(Bytes.utf8("2"));
            assertThatThrownBy(() -> client.send(Bytes.utf8("3"))).isInstanceOf(SendQueueFullException.class);
            full.countDown();
            await().until(() -> client.unacknowledged() < 2);
            client.send(Bytes.utf8("3"));
        }
    }

    /** With DROP_OLDEST, what was sent can't be dropped any more, and the newest packet always finds room. */
    @Test
    void dropOldestDropsOnlyWhatWasNeverSent() throws Exception {
        BlockingQueue<byte[]> got = new LinkedBlockingQueue<>();
        CountDownLatch acknowledge = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> {
                    got.add(link.nextData());
                    got.add(link.nextData());
                    acknowledge.await();
                    link.ack(2);
                    got.add(link.nextData());
                    link.serve();
                }));
                VoltlaneClient client = client(server)
                        .sendBuffer(2, 100, SendPolicy.DROP_OLDEST)
                        .connect()) {
            client.send(Bytes.utf8("1"));
            client.send(Bytes.utf8("2"));
            assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo(Bytes.utf8("1"));
            assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo(Bytes.utf8("2"));
            CompletableFuture<Void> dropped = client.sendAcknowledged(Bytes.utf8("3"));
            for (int i = 4; i <= 9; i++) {
                client.send(Bytes.utf8(Integer.toString(i)));
            }
            assertThat(client.discardedPackets()).isEqualTo(6);
            assertThat(client.unacknowledged()).isEqualTo(3);
            assertThat(dropped).isCompletedExceptionally();
            acknowledge.countDown();
            assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo(Bytes.utf8("9"));
        }
    }

    @Test
    void theServerIsToldAfter64Packets() throws Exception {
        BlockingQueue<Long> acks = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> {
                    for (int i = 0; i < 130; i++) {
                        link.data(Bytes.numbered(i, 8));
                    }
                    acks.add(link.nextAck());
                    acks.add(link.nextAck());
                    link.serve();
                }));
                VoltlaneClient client = client(server).connect()) {
            for (int i = 0; i < 63; i++) {
                client.receive(LONG);
            }
            assertThat(acks.poll(100, TimeUnit.MILLISECONDS)).isNull();
            client.receive(LONG);
            assertThat(acks.poll(20, TimeUnit.SECONDS)).isEqualTo(64);
            for (int i = 0; i < 64; i++) {
                client.receive(LONG);
            }
            assertThat(acks.poll(20, TimeUnit.SECONDS)).isEqualTo(128);
        }
    }

    @Test
    void theServerIsToldAfter64KiB() throws Exception {
        BlockingQueue<Long> acks = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> {
                    link.data(new byte[65_535]);
                    link.data(new byte[1]);
                    acks.add(link.nextAck());
                    link.serve();
                }));
                VoltlaneClient client = client(server).connect()) {
            client.receive(LONG);
            assertThat(acks.poll(100, TimeUnit.MILLISECONDS)).isNull();
            client.receive(LONG);
            assertThat(acks.poll(20, TimeUnit.SECONDS)).isEqualTo(2);
        }
    }

    @Test
    void theServerIsToldWithinASecondOfWhatTheProgramHasTakenAndOfNothingElse() throws Exception {
        List<Byte> after = new CopyOnWriteArrayList<>();
        BlockingQueue<Long> acks = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> {
                    for (int i = 0; i < 5; i++) {
                        link.data(Bytes.numbered(i, 8));
                    }
                    acks.add(link.nextAck());
                    acks.add(link.nextAck());
                    acks.add(link.nextAck());
                    after.add(link.next()[0]);
                    link.close(15, 0, "");
                }));
                VoltlaneClient client = client(server).connect()) {
            for (int taken = 1; taken <= 3; taken++) {
                client.receive(LONG);
                linkTime.settle();
                assertThat(acks).isEmpty();
                advanceUpToASecondUntil(() -> !acks.isEmpty());
                assertThat(acks.poll()).isEqualTo(taken);
            }
            linkTime.advance(Duration.ofSeconds(10));
        }
        assertThat(after).containsExactly((byte) 4); // Leave
    }

    private void advanceUpToASecondUntil(java.util.concurrent.Callable<Boolean> done) throws Exception {
        for (int step = 0; step < 10 && !done.call(); step++) {
            linkTime.advance(Duration.ofMillis(100));
            linkTime.settle();
        }
        await().until(done);
    }

    @Test
    void anAckRidesWithData() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(opens((link, peer) -> {
                    link.data(Bytes.utf8("a"));
                    byte[] ack = link.next();
                    byte[] data = link.next();
                    assertThat(ack).isEqualTo(Bytes.hex("010100000000000000"));
                    assertThat(data).isEqualTo(Bytes.hex("0062"));
                    link.data(Bytes.utf8("c"));
                    link.serve();
                }));
                VoltlaneClient client = client(server).connect()) {
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("a"));
            client.send(Bytes.utf8("b"));
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("c"));
        }
    }

    @Test
    void packetsThatNobodyHasTakenComeAgainAndAreNotTakenTwice() throws Exception {
        try (ScriptedServer server = ScriptedServer.of(
                        opens((link, peer) -> {
                            link.data(Bytes.numbered(1, 8));
                            link.data(Bytes.numbered(2, 8));
                            link.data(Bytes.numbered(3, 8));
                            link.nextData();
                            peer.reset();
                        }),
                        version3((link, peer) -> {
                            var asked = link.askedToResume(session);
                            assertThat(asked.received()).isEqualTo(1);
                            link.resumed(asked, 1);
                            link.data(Bytes.numbered(2, 8));
                            link.data(Bytes.numbered(3, 8));
                            link.serve();
                        }));
                VoltlaneClient client = client(server).connect()) {
            assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(1, 8));
            client.send(Bytes.utf8("x"));
            events.until("resumed");
            assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(2, 8));
            assertThat(client.receive(LONG)).isEqualTo(Bytes.numbered(3, 8));
            assertThat(client.receive(Duration.ofMillis(50))).isNull();
        }
    }

    @Test
    void aHandlerHasTakenAPacketWhenItReturns() throws Exception {
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        List<byte[]> got = new ArrayList<>();
        try (ScriptedServer server = ScriptedServer.of(
                        opens((link, peer) -> {
                            link.data(Bytes.utf8("a"));
                            inHandler.await();
                            peer.reset();
                            leave.countDown();
                        }),
                        version3((link, peer) -> {
                            var asked = link.askedToResume(session);
                            assertThat(asked.received()).isEqualTo(1);
                            link.resumed(asked, 0);
                            link.serve();
                        }));
                VoltlaneClient client = client(server)
                        .onData((it, packet) -> {
                            inHandler.countDown();
                            leave.await();
                            got.add(packet);
                        })
                        .connect()) {
            events.until("resumed");
            assertThat(got).hasSize(1);
            assertThat(client.isConnected()).isTrue();
        }
    }

    /** A resume that fails after the server has taken it over: the counts stay right. */
    @Test
    void linksThatDieDuringTheResumeLoseNothing() throws Exception {
        BlockingQueue<byte[]> got = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.of(
                        opens((link, peer) -> {
                            link.data(Bytes.utf8("a"));
                            link.nextData();
                            peer.reset();
                        }),
                        asked((link, peer) -> peer.reset()),
                        version3((link, peer) -> {
                            var asked = link.askedToResume(session);
                            byte[] resumed = link.resumedPayload(asked, 1);
                            assertThat(resumed).isNotEmpty();
                            peer.reset(); // Resumed is lost
                        }),
                        version3((link, peer) -> {
                            var asked = link.askedToResume(session);
                            assertThat(asked.kept()).isEqualTo(1);
                            link.resumed(asked, 1);
                            link.ack(1);
                            got.add(link.nextData());
                            link.serve();
                        }));
                VoltlaneClient client = client(server).connect()) {
            assertThat(client.receive(LONG)).isEqualTo(Bytes.utf8("a"));
            client.send(Bytes.utf8("1"));
            events.until("resumed");
            client.send(Bytes.utf8("2"));
            assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo(Bytes.utf8("2"));
        }
    }
}
