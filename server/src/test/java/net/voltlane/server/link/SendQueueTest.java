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
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ManualClock;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class SendQueueTest {
    private final ManualLoop loop = new ManualLoop(new ManualClock());
    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    private final FakeChannel channel = socket();
    private int timesTaken;
    private SendQueue queue = queueOf(channel);

    private FakeChannel socket() {
        FakeChannel socket = FakeChannel.connected(loop);
        socket.pipeline().addLast(new IgnoringErrors());
        return socket;
    }

    private SendQueue queueOf(FakeChannel to) {
        return new SendQueue(
                to, TcpTransport.INSTANCE, ByteBufAllocator.DEFAULT, (buf, frame) -> true, budget, () -> timesTaken++);
    }

    @AfterEach
    void nothingIsHeldOrChargedInTheEnd() {
        channel.close();
        queue.release();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void whatTheSocketTakesAtOnceLeavesNothingBehind() {
        ByteBuf one = buf(frame(1, 10), frame(2, 0));
        ByteBuf two = buf(frame(3, 5));
        queue.add(one);
        queue.add(two);
        assertThat(channel.taken()).as("before the flush").isEmpty();
        queue.flush();
        assertThat(channel.taken()).isEqualTo(Bytes.concat(frame(1, 10), frame(2, 0), frame(3, 5)));
        assertThat(one.refCnt() + two.refCnt()).isZero();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.isFull()).isFalse();
        assertThat(queue.waitingPackets()).isZero();
        assertThat(queue.waitingBytes()).isZero();
        assertThat(queue.remainingBytes()).isZero();
        assertThat(timesTaken).as("it never was full").isZero();
    }

    @Test
    void atEveryPartialTakeTheFramesNotWhollyTakenAreCountedAndTakenBackWhole() {
        byte[][] frames = {frame(1, 3), frame(2, 0), frame(3, 9), frame(4, 1)};
        byte[] all = Bytes.concat(frames);
        for (int takes = 0; takes < all.length; takes++) {
            FakeChannel socket = socket().takes(takes);
            SendQueue it = queueOf(socket);
            it.add(buf(frames[0], frames[1]));
            it.add(buf(frames[2], frames[3]));
            it.flush();

            int whole = wholeFrames(frames, takes);
            byte[] rest = Bytes.concat(Arrays.copyOfRange(frames, whole, frames.length));
            assertThat(it.isFull()).isTrue();
            assertThat(it.waitingPackets()).as("packets after %d bytes", takes).isEqualTo(frames.length - whole);
            assertThat(it.waitingBytes()).as("bytes after %d bytes", takes).isEqualTo(rest.length);
            assertThat(it.remainingBytes()).isEqualTo(all.length - takes);

            socket.shutdownOutput();
            assertThat(bytes(it.takeBack())).as("after %d bytes", takes).isEqualTo(rest);
            assertThat(it.isEmpty()).isTrue();
            assertThat(it.waitingPackets()).isZero();
            assertThat(socket.taken()).isEqualTo(Arrays.copyOf(all, takes));
            socket.close();
        }
    }

    @Test
    void countsGoDownByteByByteAsTheSocketTakes() {
        byte[][] frames = {frame(1, 3), frame(2, 0), frame(3, 9), frame(4, 1), frame(5, 2)};
        byte[] all = Bytes.concat(frames);
        channel.takes(0);
        queue.add(buf(frames[0], frames[1]));
        queue.flush();
        queue.add(buf(frames[2]));
        queue.add(buf(frames[3], frames[4]));
        queue.flush();
        for (int taken = 1; taken < all.length; taken++) {
            channel.takes(1);
            assertThat(queue.waitingPackets()).as("after %d bytes", taken).isEqualTo(5 - wholeFrames(frames, taken));
            assertThat(queue.isFull()).isTrue();
        }
        channel.takes(1);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.isFull()).isFalse();
        assertThat(queue.waitingPackets()).isZero();
        assertThat(queue.waitingBytes()).isZero();
        assertThat(channel.taken()).isEqualTo(all);
        assertThat(timesTaken).as("once for each of two offers").isEqualTo(2);
    }

    @Test
    void whatIsSentGoesBehindWhatWasAdded() {
        ByteBuf shared = buf(frame(2, 20));
        queue.add(buf(frame(1, 10)));
        queue.send(shared, 0, shared.readableBytes());
        assertThat(channel.taken()).isEqualTo(Bytes.concat(frame(1, 10), frame(2, 20)));
        assertThat(shared.refCnt()).as("it stays the caller's").isOne();
        shared.release();
    }

    @Test
    void ofASmallFrameThatWaitsTheCallersBufferIsNotKept() {
        channel.takes(5);
        ByteBuf shared = buf(frame(1, 10), frame(2, 20));
        queue.send(shared, 14, 24);
        shared.setZero(0, 38);
        assertThat(shared.refCnt()).isOne();
        shared.release();
        assertThat(queue.waitingPackets()).isOne();
        channel.takesAll();
        assertThat(channel.taken()).isEqualTo(frame(2, 20));
    }

    @Test
    void whatComesWhileTheSocketIsFullIsCopied() {
        channel.takes(0);
        queue.add(buf(frame(1, 1)));
        queue.flush();
        ByteBuf large = buf(new byte[1000], frame(2, 8), new byte[1000]);
        queue.add(large.retainedSlice(1000, 12));
        assertThat(large.refCnt())
                .as("the queue does not pin what it was cut from")
                .isOne();
        large.release();
        assertThat(queue.waitingPackets()).isEqualTo(2);
        channel.takesAll();
        assertThat(channel.taken()).isEqualTo(Bytes.concat(frame(1, 1), frame(2, 8)));
    }

    @Test
    void whatWaitsBehindAnOfferThatIsNotTakenIsCopied() {
        channel.takes(0);
        queue.add(buf(frame(1, 1 << 20))); // an offer of its own
        ByteBuf large = buf(frame(2, 8), new byte[1000]);
        queue.add(large.retainedSlice(0, 12));
        queue.flush();
        assertThat(large.refCnt()).isOne();
        large.release();
        assertThat(queue.waitingPackets()).isEqualTo(2);
        assertThat(queue.waitingBytes()).isEqualTo(4 + (1 << 20) + 12);
    }

    @Test
    void aLargeFrameThatWaitsBehindAnOfferThatIsNotTakenIsCopied() {
        channel.takes(0);
        queue.add(buf(frame(1, 1 << 20))); // an offer of its own
        ByteBuf large = buf(frame(2, LoopQueue.SLICE_BYTES), new byte[1000]);
        queue.add(large, 0, 4 + LoopQueue.SLICE_BYTES);
        queue.flush();
        assertThat(large.refCnt()).isOne();
        large.release();
    }

    @Test
    void anOfferThatIsNotTakenIsChargedThoughNothingComesAfterIt() {
        channel.takes(100);
        queue.add(buf(frame(1, 3 << 20)));
        queue.add(buf(frame(2, 100)));
        queue.flush();
        assertThat(budget.heldBytes()).isGreaterThanOrEqualTo((3 << 20) + 100);
        assertThat(queue.chargedBytes()).isEqualTo(budget.heldBytes());
        channel.takesAll();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void aWaitingSliceIsChargedWithTheBufferThatItPins() {
        channel.takes(0);
        byte[] frame = frame(1, LoopQueue.SLICE_BYTES);
        ByteBuf shared =
                ByteBufAllocator.DEFAULT.directBuffer(300_000).writeZero(7).writeBytes(frame);
        queue.add(shared, 7, frame.length);
        shared.release();
        queue.flush();
        assertThat(budget.heldBytes()).isEqualTo(300_000);
    }

    @Test
    void slicesOfOneBufferAreChargedOnce() {
        channel.takes(0);
        byte[] frame = frame(1, LoopQueue.SLICE_BYTES);
        ByteBuf shared =
                ByteBufAllocator.DEFAULT.directBuffer(300_000).writeBytes(frame).writeBytes(frame);
        queue.add(shared, 0, frame.length);
        queue.add(shared, frame.length, frame.length);
        shared.release();
        queue.add(buf(frame));
        queue.flush();
        assertThat(budget.heldBytes()).isBetween(300_000L + frame.length, 300_000L + 2L * frame.length);
    }

    @Test
    void uncountedFramesGoFirstAndCountNothing() {
        channel.takes(0);
        queue.addUncounted(buf(frame(1, 100), frame(2, 100)));
        queue.addUncounted(buf(frame(3, 100)));
        queue.add(buf(frame(4, 7)));
        queue.flush();
        assertThat(queue.waitingPackets()).isOne();
        assertThat(queue.waitingBytes()).isEqualTo(11);
        assertThat(queue.remainingBytes()).isEqualTo(3 * 104 + 11);
        assertThat(budget.heldBytes()).isGreaterThanOrEqualTo(3 * 104 + 11);
        channel.takes(2 * 104 + 1); // part of the third
        assertThat(queue.waitingPackets()).isOne();
        channel.shutdownOutput();
        assertThat(bytes(queue.takeBack())).isEqualTo(Bytes.concat(frame(3, 100), frame(4, 7)));
    }

    @Test
    void countedFramesAreCountedOnceTheUncountedAreGone() {
        channel.takes(0);
        queue.addUncounted(buf(frame(1, 10)));
        queue.add(buf(frame(2, 20), frame(3, 30)));
        queue.flush();
        channel.takes(14 + 24);
        assertThat(queue.waitingPackets()).isOne();
        assertThat(queue.waitingBytes()).isEqualTo(34);
        channel.takesAll();
        assertThat(channel.taken()).isEqualTo(Bytes.concat(frame(1, 10), frame(2, 20), frame(3, 30)));
    }

    @Test
    void framesThatDoNotCountAreHeldBackByNoBoundButKeepTheirPlace() {
        byte[] failure = frame(1, 5);
        queue = new SendQueue(
                channel,
                TcpTransport.INSTANCE,
                ByteBufAllocator.DEFAULT,
                (buf, at) -> buf.getIntLE(at) != 5,
                budget,
                () -> timesTaken++);
        channel.takes(0);
        queue.add(buf(frame(2, 6), failure, frame(3, 7)));
        queue.flush();
        queue.add(buf(failure, failure, frame(4, 8)));
        assertThat(queue.waitingPackets()).isEqualTo(3);
        assertThat(queue.waitingBytes()).isEqualTo(10 + 11 + 12);
        channel.takes(10 + 9 + 11 + 9 + 9); // all but the last, in two offers
        channel.takes(0);
        assertThat(queue.waitingPackets()).isOne();
        assertThat(queue.waitingBytes()).isEqualTo(12);
        channel.takesAll();
        assertThat(channel.taken())
                .isEqualTo(Bytes.concat(frame(2, 6), failure, frame(3, 7), failure, failure, frame(4, 8)));
    }

    @Test
    void withoutAChannelEverythingWaitsAndCounts() {
        queue = queueOf(null);
        queue.add(buf(frame(1, 10)));
        queue.add(buf(frame(2, 20)));
        queue.flush();
        assertThat(queue.isFull()).isTrue();
        assertThat(queue.waitingPackets()).isEqualTo(2);
        assertThat(queue.waitingBytes()).isEqualTo(14 + 24);
        assertThat(budget.heldBytes()).isEqualTo(14 + 24);
        queue.attach(channel, buf(frame(0, 1)));
        assertThat(channel.taken()).isEqualTo(Bytes.concat(frame(0, 1), frame(1, 10), frame(2, 20)));
        assertThat(queue.isFull()).isFalse();
        assertThat(queue.waitingPackets()).isZero();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void atEveryCutTheNextChannelGetsItsFirstThenTheFramesNotWhollyTaken() {
        byte[][] frames = {frame(1, 3), frame(2, 0), frame(3, 9), frame(4, 1)};
        byte[] all = Bytes.concat(frames);
        for (int takes = 0; takes <= all.length; takes++) {
            FakeChannel socket = socket().takes(takes);
            SendQueue it = queueOf(socket);
            it.add(buf(frames[0], frames[1], frames[2]));
            it.flush();
            it.add(buf(frames[3]));
            it.flush();
            socket.close();
            loop.run();
            it.detach();
            int whole = wholeFrames(frames, takes);
            assertThat(it.waitingPackets()).isEqualTo(frames.length - whole);

            FakeChannel next = socket();
            it.attach(next, buf(frame(9, 9)));
            byte[] rest = Bytes.concat(Arrays.copyOfRange(frames, whole, frames.length));
            assertThat(next.taken()).as("cut after %d bytes", takes).isEqualTo(Bytes.concat(frame(9, 9), rest));
            assertThat(it.isEmpty()).isTrue();
            next.close();
        }
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void uncountedFramesDieWithTheirChannel() {
        channel.takes(6);
        queue.addUncounted(buf(frame(1, 10)));
        queue.add(buf(frame(2, 20)));
        queue.flush();
        queue.addUncounted(buf(frame(3, 30)));
        channel.close();
        queue.detach();
        assertThat(queue.waitingPackets()).isOne();
        FakeChannel next = socket();
        queue.attach(next, null);
        assertThat(next.taken()).isEqualTo(frame(2, 20));
        next.close();
    }

    @Test
    void anAttachedChannelThatTakesNothingIsCountedAnew() {
        queue = queueOf(null);
        queue.add(buf(frame(1, 10), frame(2, 20)));
        FakeChannel next = socket().takes(0);
        queue.attach(next, buf(frame(0, 1)));
        assertThat(queue.isFull()).isTrue();
        assertThat(queue.waitingPackets()).isEqualTo(2);
        assertThat(queue.waitingBytes()).isEqualTo(14 + 24);
        assertThat(budget.heldBytes()).isEqualTo(5 + 14 + 24);
        next.takes(5 + 14);
        assertThat(queue.waitingPackets()).isOne();
        next.close();
    }

    @Test
    void whatWaitsForTheNextChannelStaysChargedAllTheTime() {
        List<Long> charges = new ArrayList<>();
        SendQueue it = new SendQueue(
                channel, TcpTransport.INSTANCE, ByteBufAllocator.DEFAULT, (buf, frame) -> true, charges::add, () -> {});
        channel.takes(0);
        it.add(buf(frame(1, 10)));
        it.flush();
        charges.clear();
        channel.close();
        it.detach();
        assertThat(charges).as("not freed, and charged anew").hasSize(1);
        it.release();
    }

    @Test
    void whatIsAddedAfterTheChannelHasClosedComesBackAsWell() {
        queue.add(buf(frame(1, 10)));
        channel.close();
        queue.flush();
        queue.add(buf(frame(2, 20)));
        queue.flush();
        assertThat(queue.isFull()).isTrue();
        assertThat(queue.waitingPackets()).isEqualTo(2);
        assertThat(bytes(queue.takeBack())).isEqualTo(Bytes.concat(frame(1, 10), frame(2, 20)));
        loop.run();
        assertThat(timesTaken).isZero();
    }

    @Test
    void aLargeFrameThatWasNeverOfferedComesBackInABufferOfItsOwn() {
        ByteBuf shared = buf(frame(1, LoopQueue.SLICE_BYTES), new byte[1000]);
        queue.add(shared, 0, 4 + LoopQueue.SLICE_BYTES);
        channel.shutdownOutput();
        List<ByteBuf> back = queue.takeBack();
        assertThat(shared.refCnt()).as("what is kept pins no shared buffer").isOne();
        shared.release();
        assertThat(bytes(back)).isEqualTo(frame(1, LoopQueue.SLICE_BYTES));
    }

    /** A last word may follow an offer, of which nobody knows where the socket will stop, but no other frame need. */
    @Test
    void atEveryPartialTakeOnlyTheOfferIsLeftWhenWhatWaitsIsDropped() {
        byte[][] frames = {frame(1, 3), frame(2, 0), frame(3, 9)};
        byte[] all = Bytes.concat(frames);
        for (int takes = 0; takes < all.length; takes++) {
            FakeChannel socket = socket().takes(takes);
            SendQueue it = queueOf(socket);
            it.add(buf(all));
            it.flush();
            it.add(buf(frame(4, 100)));
            it.addUncounted(buf(frame(5, 100)));
            it.dropWaiting();
            assertThat(it.remainingBytes()).isEqualTo(all.length - takes);
            it.add(buf(frame(6, 1)));
            socket.takesAll();
            loop.run();
            assertThat(socket.taken()).isEqualTo(Bytes.concat(all, frame(6, 1)));
            assertThat(it.isEmpty()).isTrue();
            assertThat(budget.heldBytes()).isZero();
            socket.close();
        }
    }

    @Test
    void whatWasNotOfferedIsDroppedBeforeTheLastWord() {
        queue.add(buf(frame(1, 100)));
        queue.dropWaiting();
        queue.add(buf(frame(2, 1)));
        queue.flush();
        assertThat(channel.taken()).isEqualTo(frame(2, 1));
    }

    @Test
    void aTakeThatIsReportedAfterTakingBackChangesNothing() {
        channel.takes(3);
        queue.add(buf(frame(1, 10)));
        queue.flush();
        channel.shutdownOutput();
        byte[] back = bytes(queue.takeBack());
        loop.run();
        assertThat(back).isEqualTo(frame(1, 10));
        assertThat(timesTaken).isZero();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void aLargeQueueIsOfferedPieceByPieceAndArrivesWhole() {
        channel.takes(1);
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            byte[] frame = frame(i, i * 41);
            all.add(frame);
            queue.add(buf(frame));
        }
        queue.flush();
        assertThat(queue.waitingPackets()).isEqualTo(300);
        channel.takesAll();
        assertThat(channel.taken()).isEqualTo(Bytes.concat(all.toArray(byte[][]::new)));
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void aFrameOfTwoPlacesIsOneFrame() {
        channel.takes(0);
        byte[] frame = frame(1, 5000);
        ByteBuf head = buf(Arrays.copyOf(frame, 13));
        ByteBuf tail = buf(Arrays.copyOfRange(frame, 13, frame.length));
        queue.add(ByteBufAllocator.DEFAULT.compositeDirectBuffer(2).addComponents(true, head, tail));
        queue.add(buf(frame(2, 2)));
        queue.flush();
        assertThat(queue.waitingPackets()).isEqualTo(2);
        assertThat(queue.waitingBytes()).isEqualTo(5004 + 6);
        channel.takes(5003);
        assertThat(queue.waitingPackets()).isEqualTo(2);
        channel.takes(1);
        assertThat(queue.waitingPackets()).isOne();
        channel.takesAll();
        assertThat(channel.taken()).isEqualTo(Bytes.concat(frame, frame(2, 2)));
    }

    /** Against a model that only remembers the frames in order and how many bytes the sockets have taken. */
    @Test
    void randomOffersTakesAndCutsLoseAndDoubleNothing() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            for (int round = 0; round < 200; round++) {
                oneRandomLife(random);
            }
        });
    }

    private void oneRandomLife(SplittableRandom random) {
        FakeChannel socket = socket().takes(random.nextInt(200));
        SendQueue it = queueOf(socket);
        List<byte[]> frames = new ArrayList<>();
        int firstOnSocket = 0;
        int taken = 0;
        for (int step = 0; step < 60; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    ByteBuf some = buf();
                    for (int n = random.nextInt(1, 4); n > 0; n--) {
                        frames.add(frame(frames.size(), random.nextInt(10) == 0 ? 5000 : random.nextInt(40)));
                        some.writeBytes(frames.get(frames.size() - 1));
                    }
                    it.add(some);
                }
                case 2 -> it.flush();
                case 3 -> socket.takes(random.nextInt(20) == 0 ? 20_000 : random.nextInt(150));
                default -> {
                    if (random.nextInt(5) == 0) {
                        it.flush(); // frames that were never offered do not count
                        taken += socket.taken().length;
                        socket.close();
                        loop.run();
                        it.detach();
                        firstOnSocket += wholeFrames(frames, firstOnSocket, taken);
                        taken = 0;
                        socket = socket().takes(random.nextInt(100));
                        it.attach(socket, null);
                    }
                }
            }
            byte[] now = socket.taken();
            assertThat(now).isEqualTo(slice(frames, firstOnSocket, taken, now.length));
            taken += now.length;
            if (it.isFull()) {
                int left = frames.size() - firstOnSocket - wholeFrames(frames, firstOnSocket, taken);
                assertThat(it.waitingPackets()).isEqualTo(left);
                assertThat(budget.heldBytes()).isGreaterThanOrEqualTo(it.remainingBytes());
            }
        }
        it.flush();
        taken += socket.taken().length;
        int whole = firstOnSocket + wholeFrames(frames, firstOnSocket, taken);
        socket.shutdownOutput();
        assertThat(bytes(it.takeBack())).isEqualTo(concat(frames, whole));
        assertThat(budget.heldBytes()).isZero();
        socket.close();
    }

    private static int wholeFrames(byte[][] frames, int bytes) {
        return wholeFrames(Arrays.asList(frames), 0, bytes);
    }

    private static int wholeFrames(List<byte[]> frames, int first, int bytes) {
        int whole = 0;
        for (int i = first; i < frames.size() && bytes >= frames.get(i).length; i++) {
            bytes -= frames.get(i).length;
            whole++;
        }
        return whole;
    }

    private static byte[] concat(List<byte[]> frames, int first) {
        return Bytes.concat(frames.subList(first, frames.size()).toArray(byte[][]::new));
    }

    private static byte[] slice(List<byte[]> frames, int first, int offset, int length) {
        return Arrays.copyOfRange(concat(frames, first), offset, offset + length);
    }
}
