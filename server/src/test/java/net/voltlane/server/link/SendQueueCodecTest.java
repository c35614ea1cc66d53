package net.voltlane.server.link;

import static net.voltlane.server.link.Bufs.buf;
import static net.voltlane.server.link.Bufs.bytes;
import static net.voltlane.server.link.Bufs.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ManualClock;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A queue whose transport has a codec: nothing goes past it, and nothing is lost or doubled. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class SendQueueCodecTest {
    private static final Transport TRANSPORT = new RecordTransport();

    private final ManualLoop loop = new ManualLoop(new ManualClock());
    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    private final FakeChannel channel = socket();
    private final RecordTransport.Peer peer = new RecordTransport.Peer();
    private final SendQueue queue = queueOf(channel);
    private int timesTaken;

    static List<SocketKinds> kinds() {
        return SocketKinds.here();
    }

    private FakeChannel socket() {
        FakeChannel socket = FakeChannel.connected(loop);
        TRANSPORT.addCodec(socket.pipeline());
        socket.pipeline().addLast(new IgnoringErrors());
        return socket;
    }

    private SendQueue queueOf(FakeChannel to) {
        return new SendQueue(to, TRANSPORT, ByteBufAllocator.DEFAULT, (buf, frame) -> true, budget, () -> timesTaken++);
    }

    @AfterEach
    void nothingIsHeldOrChargedInTheEnd() {
        channel.close();
        queue.release();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void whatTheSocketTakesAtOnceGoesThroughTheCodecAndLeavesNothingBehind() {
        ByteBuf shared = buf(frame(1, 10), frame(2, 5_000), frame(3, 0));
        queue.send(shared, 0, shared.readableBytes());
        shared.release();
        assertThat(peer.opens(channel.taken())).isEqualTo(Bytes.concat(frame(1, 10), frame(2, 5_000), frame(3, 0)));
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.isFull()).isFalse();
        assertThat(budget.heldBytes()).isZero();
        assertThat(timesTaken).as("it never was full").isZero();
    }

    @Test
    void aFrameThatTheCodecHasAndTheSocketHasNotIsNotTaken() {
        channel.takes(20); // a record of the first two frames is 3 + 14 + 14 bytes
        queue.add(buf(frame(1, 10), frame(2, 10)));
        queue.flush();
        assertThat(queue.isFull()).isTrue();
        assertThat(queue.waitingPackets()).isEqualTo(2);
        assertThat(queue.waitingBytes()).isEqualTo(28);
        assertThat(budget.heldBytes()).as("the codec's copy as well").isGreaterThanOrEqualTo(2 * 28);
        channel.takesAll();
        assertThat(queue.isFull()).isFalse();
        assertThat(timesTaken).isOne();
        assertThat(peer.opens(channel.taken())).isEqualTo(Bytes.concat(frame(1, 10), frame(2, 10)));
    }

    @Test
    void theCopyOfTheCodecIsChargedOnTopOfWhatTheOfferPins() {
        ByteBuf frames = buf(frame(1, 10), frame(2, 5_000));
        int bytes = frames.readableBytes();
        int pinned = frames.capacity();
        channel.takes(0);
        queue.add(frames); // large, so not copied
        queue.flush();
        assertThat(budget.heldBytes()).isEqualTo(pinned + bytes);
    }

    @Test
    void theCodecGetsNoMoreThanAPartOfALargeQueue() {
        channel.takes(0);
        byte[] frame = frame(1, 5_000);
        for (int i = 0; i < 40; i++) {
            queue.add(buf(frame));
        }
        queue.flush();
        assertThat(channel.unsafe().outboundBuffer().totalPendingWriteBytes()).isBetween(50_000L, 70_000L);
        channel.takesAll();
        assertThat(peer.opens(channel.taken())).hasSize(40 * frame.length);
    }

    @Test
    void recordsThatTheSocketHasTakenAreNoLongerCounted() {
        byte[] large = frame(1, RecordTransport.MAX_RECORD_BYTES);
        byte[] small = frame(2, 10);
        channel.takes(3 + large.length + 1);
        queue.add(buf(large, small));
        queue.flush();
        assertThat(queue.waitingPackets()).isOne();
        assertThat(queue.waitingBytes()).isEqualTo(small.length);
        assertThat(queue.remainingBytes()).isEqualTo(small.length);
        channel.shutdownOutput();
        assertThat(bytes(queue.takeBack())).isEqualTo(small);
        assertThat(peer.opens(channel.taken())).isEqualTo(large);
    }

    /** Against a model that only remembers the frames in order and what came out of whole records. */
    @Test
    void randomOffersTakesAndCutsLoseAndDoubleNothing() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int round = 0; round < 100; round++) {
                oneRandomLife(random);
            }
        });
    }

    private void oneRandomLife(SplittableRandom random) {
        FakeChannel socket = socket().takes(random.nextInt(200));
        RecordTransport.Peer far = new RecordTransport.Peer();
        SendQueue it = queueOf(socket);
        List<byte[]> sent = new ArrayList<>();
        List<byte[]> got = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    byte[] frame = frame(sent.size(), random.nextInt(10) == 0 ? 5_000 : random.nextInt(200));
                    sent.add(frame);
                    if (random.nextBoolean()) {
                        it.add(buf(frame));
                    } else {
                        ByteBuf shared = buf(frame);
                        it.send(shared, 0, frame.length);
                        shared.release();
                    }
                }
                case 2 -> it.flush();
                case 3 -> socket.takes(random.nextInt(20) == 0 ? 20_000 : random.nextInt(900));
                default -> {
                    if (random.nextInt(8) == 0) {
                        got.add(far.opens(socket.taken()));
                        socket.close();
                        loop.run();
                        it.detach();
                        socket = socket().takes(random.nextInt(100));
                        far = new RecordTransport.Peer();
                        it.attach(socket, null);
                    }
                }
            }
            got.add(far.opens(socket.taken()));
        }
        it.flush();
        got.add(far.opens(socket.taken()));
        socket.shutdownOutput();
        byte[] all = Bytes.concat(sent.toArray(byte[][]::new));
        byte[] arrived = Bytes.concat(got.toArray(byte[][]::new));
        assertThat(Bytes.concat(arrived, bytes(it.takeBack()))).isEqualTo(all);
        assertThat(budget.heldBytes()).isZero();
        socket.close();
    }

    // ---- the end

    @Test
    void theFarewellFollowsTheLastDataAndThenTheOutputIsShut() {
        queue.add(buf(frame(1, 10)));
        queue.flush();
        LingeringClose.begin(channel, TRANSPORT, new Deadlines<>(1, c -> {}), 0);
        assertThat(peer.opens(channel.taken())).isEqualTo(frame(1, 10));
        assertThat(peer.wasBidFarewell()).isTrue();
        assertThat(channel.endedItsOutput()).isTrue();
    }

    @Test
    void theOutputStaysOpenUntilTheSocketHasTakenTheFarewell() {
        channel.takes(0);
        LingeringClose.begin(channel, TRANSPORT, new Deadlines<>(1, c -> {}), 0);
        assertThat(channel.endedItsOutput()).isFalse();
        channel.takesAll();
        assertThat(channel.endedItsOutput()).isTrue();
        peer.opens(channel.taken());
        assertThat(peer.wasBidFarewell()).isTrue();
    }

    @Test
    void noFarewellFollowsDataThatIsCutOff() {
        channel.takes(5);
        queue.add(buf(frame(1, 10)));
        queue.flush();
        LingeringClose.begin(channel, TRANSPORT, new Deadlines<>(1, c -> {}), 0);
        assertThat(channel.endedItsOutput()).isTrue();
        channel.takesAll();
        assertThat(channel.taken()).hasSize(5);
        assertThat(bytes(queue.takeBack())).isEqualTo(frame(1, 10));
    }

    @Test
    void aResetSaysNoFarewell() {
        LingeringClose.reset(channel);
        assertThat(channel.wasReset()).isTrue();
        assertThat(channel.taken()).isEmpty();
    }

    // ---- real sockets

    /** On epoll it would be faster to write to the socket, and every byte of that would be in clear. */
    @ParameterizedTest
    @MethodSource("kinds")
    void overARealSocketEverythingGoesThroughTheCodec(SocketKinds kind) throws Exception {
        try (AcceptedSocket socket = AcceptedSocket.open(kind)) {
            CompletableFuture<Void> allTaken = new CompletableFuture<>();
            List<SendQueue> made = new ArrayList<>();
            SendQueue real = socket.onLoop(() -> {
                TRANSPORT.addCodec(socket.channel.pipeline());
                made.add(new SendQueue(
                        socket.channel, TRANSPORT, ByteBufAllocator.DEFAULT, (buf, frame) -> true, budget, () -> {
                            if (made.get(0).isEmpty()) {
                                allTaken.complete(null);
                            }
                        }));
                return made.get(0);
            });
            List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                frames.add(frame(i, i % 10 == 0 ? 20_000 : i));
            }
            socket.onLoop(() -> {
                for (byte[] frame : frames) {
                    ByteBuf shared = buf(frame);
                    real.send(shared, 0, frame.length);
                    shared.release();
                }
                return null;
            });
            byte[] all = Bytes.concat(frames.toArray(byte[][]::new));
            byte[] got = readUntil(socket, all.length);
            assertThat(Arrays.mismatch(all, got)).as("where it differs").isNegative();
            allTaken.get(10, TimeUnit.SECONDS);
            socket.onLoop(() -> {
                LingeringClose.begin(socket.channel, TRANSPORT, new Deadlines<>(1, c -> {}), 0);
                return null;
            });
            peer.opens(socket.peer.getInputStream().readAllBytes());
            assertThat(peer.wasBidFarewell()).isTrue();
            assertThat(peer.unopenedBytes()).isZero();
        }
    }

    private byte[] readUntil(AcceptedSocket socket, int length) throws Exception {
        byte[] some = new byte[64 * 1024];
        List<byte[]> parts = new ArrayList<>();
        int bytes = 0;
        while (bytes < length) {
            int n = socket.peer.getInputStream().read(some);
            assertThat(n).as("the stream goes on").isPositive();
            byte[] plain = peer.opens(Arrays.copyOf(some, n));
            parts.add(plain);
            bytes += plain.length;
        }
        return Bytes.concat(parts.toArray(byte[][]::new));
    }
}
