package net.voltlane.server.link;

import static net.voltlane.server.link.Bufs.buf;
import static net.voltlane.server.link.Bufs.frame;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Frame;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A queue on real sockets of each kind. The frames that the peer got and those that the queue gives back are together
 * the frames that were sent, and no frame that the peer got whole is given back.
 */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class SendQueueSocketTest {
    private static final int ROUNDS = 6;

    static List<SocketKinds> transports() {
        return SocketKinds.here();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aShutOutputGivesBackJustWhatThePeerDidNotGet(SocketKinds transport) {
        fillCutAndCompare(transport, Cut.SHUT_OUTPUT, false);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aClosedChannelGivesBackJustWhatThePeerDidNotGet(SocketKinds transport) {
        fillCutAndCompare(transport, Cut.CLOSE, false);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void soItDoesWhenThePeerReadSomeOfIt(SocketKinds transport) {
        fillCutAndCompare(transport, Cut.SHUT_OUTPUT, true);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aPeerThatReadsGetsEverything(SocketKinds transport) {
        Seeds.run(seed -> {
            try (Link link = Link.open(transport)) {
                byte[] sent = link.fill(new SplittableRandom(seed));
                byte[] got = link.peer.getInputStream().readNBytes(sent.length);
                assertThat(Arrays.mismatch(sent, got)).as("where it differs").isNegative();
                link.taken.get(10, TimeUnit.SECONDS);
                assertThat(link.onLoop(() -> link.queue().isEmpty())).isTrue();
                assertThat(link.onLoop(() -> link.queue().waitingPackets())).isZero();
            }
        });
    }

    /** A handshake's answer may still be with the channel when the queue begins. */
    @ParameterizedTest
    @MethodSource("transports")
    void theFirstFrameDoesNotOvertakeWhatTheChannelHasToWrite(SocketKinds transport) throws Exception {
        byte[] answer = {1, 2, 3};
        byte[] frame = frame(1, 10);
        try (Link link = Link.open(transport)) {
            link.onLoop(() -> {
                link.channel.write(buf(answer));
                link.queue().flush(); // of nothing: a flush by others must not make it idle
                ByteBuf frames = buf(frame);
                link.queue().send(frames, 0, frame.length);
                frames.release();
                return null;
            });
            assertThat(link.peer.getInputStream().readNBytes(answer.length + frame.length))
                    .isEqualTo(Bytes.concat(answer, frame));
        }
    }

    /** io_uring writes later, so an offer that is under way does not mean that the peer is slow. */
    @ParameterizedTest
    @MethodSource("transports")
    void anOfferThatFitsIntoTheSocketIsNotCounted(SocketKinds transport) throws Exception {
        try (Link link = Link.open(transport)) {
            long counted = link.onLoop(() -> {
                for (int i = 0; i < 50; i++) {
                    link.queue().add(buf(frame(i, 5)));
                }
                link.queue().flush();
                return link.queue().waitingPackets();
            });
            assertThat(counted).isZero();
            assertThat(link.peer.getInputStream().readNBytes(450)).hasSize(450);
        }
    }

    /** Direct writes: the rest of a slice is copied, so that it does not pin a buffer that other links use. */
    @Test
    void whatTheSocketDoesNotTakeOfASharedBufferIsCopied() throws Exception {
        try (Link link = Link.open(epoll())) {
            byte[] frame = frame(1, 100_000);
            ByteBuf shared = ByteBufAllocator.DEFAULT.directBuffer(512 * 1024).writeBytes(frame);
            link.onLoop(() -> {
                link.queue().add(buf(frame(0, 1))); // after which the queue knows that the channel has nothing to write
                link.queue().flush();
                link.queue().add(shared, 0, frame.length);
                link.queue().flush();
                return null;
            });
            assertThat(shared.refCnt()).isOne();
            assertThat(link.budget.heldBytes()).isBetween(1L, 2L * frame.length);
            shared.release();
            byte[] sent = Bytes.concat(frame(0, 1), frame);
            assertThat(link.peer.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
        }
    }

    /** Small and large frames in one offer are gathered, and copied if they would pin much more than their own size. */
    @Test
    void whatWaitsOfAMixedOfferPinsLittleMoreThanItself() throws Exception {
        try (Link link = Link.open(epoll())) {
            List<ByteBuf> shared = new ArrayList<>();
            byte[] large = frame(1, 5_000);
            byte[] small = frame(2, 10);
            link.onLoop(() -> {
                link.queue().add(buf(small));
                link.queue().flush();
                while (!link.queue().isFull()) {
                    ByteBuf part = ByteBufAllocator.DEFAULT.directBuffer(256 * 1024);
                    part.writeBytes(large).writeBytes(small);
                    shared.add(part);
                    ByteBuf asTheUplinkHasIt = ByteBufAllocator.DEFAULT
                            .compositeDirectBuffer(2)
                            .addComponents(true, part.retainedSlice(0, 13), part.retainedSlice(13, large.length - 13));
                    link.queue().add(asTheUplinkHasIt);
                    link.queue().add(part, large.length, small.length);
                    link.queue().flush();
                }
                return null;
            });
            assertThat(shared).allMatch(part -> part.refCnt() == 1);
            assertThat(link.budget.heldBytes()).isBetween(1L, 2L * (large.length + small.length));
            shared.forEach(ByteBuf::release);
            link.channel.close().sync();
            link.onLoop(() -> {
                link.queue().release();
                return null;
            });
        }
    }

    @Test
    void theShortWayLeavesNoGarbageBehind() throws Exception {
        int rounds = 1_000;
        int perRound = 10;
        byte[] frame = frame(1, 64);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Link link = Link.open(epoll())) {
            ByteBuf shared = buf(frame);
            long bytes = 0;
            for (int round = 0; round < rounds; round++) {
                boolean isWarm = round > 0; // until then classes are loaded
                bytes += link.onLoop(() -> {
                    long before = threads.getCurrentThreadAllocatedBytes();
                    for (int i = 0; i < perRound; i++) {
                        link.queue().send(shared, 0, frame.length);
                    }
                    return isWarm ? threads.getCurrentThreadAllocatedBytes() - before : 0;
                });
                assertThat(link.onLoop(() -> link.queue().isFull())).isFalse();
                link.peer.getInputStream().readNBytes(perRound * frame.length);
            }
            shared.release();
            assertThat(bytes).isLessThan((long) rounds * perRound);
        }
    }

    private static SocketKinds epoll() {
        return SocketKinds.here().stream()
                .filter(transport -> transport.name().equals("epoll"))
                .findFirst()
                .orElseGet(() -> Assumptions.abort("no epoll here"));
    }

    private enum Cut {
        SHUT_OUTPUT,
        CLOSE
    }

    private static void fillCutAndCompare(SocketKinds transport, Cut cut, boolean readsSome) {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int round = 0; round < ROUNDS; round++) {
                try (Link link = Link.open(transport)) {
                    byte[] sent = link.fill(random);
                    byte[] read = new byte[0];
                    if (readsSome) {
                        read = link.peer.getInputStream().readNBytes(random.nextInt(1, 64 * 1024));
                    }
                    if (cut == Cut.CLOSE) {
                        link.channel.close().sync();
                    }
                    byte[] back = link.onLoop(() -> {
                        LingeringClose.begin(link.channel, TcpTransport.INSTANCE, new Deadlines<>(1, c -> {}), 0);
                        return Bufs.bytes(link.queue().takeBack());
                    });
                    byte[] got = Bytes.concat(read, link.peer.getInputStream().readAllBytes());

                    assertThat(got.length).as("something was left").isLessThan(sent.length);
                    assertThat(Arrays.mismatch(sent, got))
                            .as("where it differs")
                            .isEqualTo(got.length);
                    assertThat(sent.length - back.length)
                            .as("where what came back begins")
                            .isEqualTo(endOfLastWholeFrame(got));
                    byte[] rest = Arrays.copyOfRange(sent, sent.length - back.length, sent.length);
                    assertThat(Arrays.mismatch(back, rest))
                            .as("where it differs")
                            .isNegative();
                    assertThat(link.budget.heldBytes()).isZero();
                }
            }
        });
    }

    private static int endOfLastWholeFrame(byte[] bytes) {
        int end = 0;
        while (end + 4 <= bytes.length) {
            int next = end + 4 + Frame.length(bytes, end);
            if (next > bytes.length) {
                break;
            }
            end = next;
        }
        return end;
    }

    /** A peer that reads only when told to, and the queue of a channel to it. */
    private static final class Link implements AutoCloseable {
        private final AcceptedSocket socket;
        final Socket peer;
        final Channel channel;
        final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
        final CompletableFuture<Void> taken = new CompletableFuture<>();
        private @Nullable SendQueue queue;

        private Link(AcceptedSocket socket) {
            this.socket = socket;
            peer = socket.peer;
            channel = socket.channel;
        }

        static Link open(SocketKinds transport) throws Exception {
            Link link = new Link(AcceptedSocket.open(transport));
            link.onLoop(() -> link.queue = new SendQueue(
                    link.channel,
                    TcpTransport.INSTANCE,
                    ByteBufAllocator.DEFAULT,
                    (buf, frame) -> true,
                    link.budget,
                    () -> {
                        if (link.queue().isEmpty()) {
                            link.taken.complete(null);
                        }
                    }));
            return link;
        }

        SendQueue queue() {
            return Objects.requireNonNull(queue);
        }

        /** Sends far more than the kernel takes; returns all bytes that were sent. */
        byte[] fill(SplittableRandom random) throws Exception {
            List<byte[]> frames = new ArrayList<>();
            onLoop(() -> {
                for (int sent = 0; sent < 512 * 1024; ) {
                    byte[] frame = frame(frames.size(), random.nextInt(random.nextInt(8) == 0 ? 30_000 : 300));
                    frames.add(frame);
                    if (random.nextInt(3) == 0) {
                        queue().add(buf(frame));
                    } else {
                        sendAmongOthers(frame);
                    }
                    sent += frame.length;
                    if (random.nextInt(4) == 0) {
                        queue().flush();
                    }
                }
                queue().flush();
                return null;
            });
            return Bytes.concat(frames.toArray(byte[][]::new));
        }

        /** Sends the middle of a buffer whose other parts belong to other links, and change right afterwards. */
        private void sendAmongOthers(byte[] frame) {
            int behind = frame.length < LoopQueue.SLICE_BYTES ? 1 : 3 * frame.length;
            ByteBuf shared = buf(new byte[] {1, 2, 3}, frame, new byte[behind]);
            queue().send(shared, 3, frame.length);
            if (frame.length < LoopQueue.SLICE_BYTES) { // else the queue may keep a slice of it
                shared.setZero(0, shared.capacity());
            }
            shared.release();
        }

        <T> T onLoop(Callable<T> what) throws Exception {
            return socket.onLoop(what);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
