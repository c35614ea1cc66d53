package net.voltlane.server.link;

import static net.voltlane.server.link.Bufs.buf;
import static net.voltlane.server.link.Bufs.bytes;
import static net.voltlane.testkit.Bytes.number;
import static net.voltlane.testkit.Bytes.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class LoopQueueTest {
    private static final int BOUND_BYTES = 4 * 1024 * 1024;

    private final ManualLoop from = new ManualLoop(new ManualClock());
    private final ManualLoop to = new ManualLoop(new ManualClock());
    private final List<String> seen = new ArrayList<>();
    private final LoopQueue.Receiver one = (buf, index, length) -> seen.add("one " + number(bytes(buf, index, length)));
    private final LoopQueue.Receiver two = (buf, index, length) -> seen.add("two " + number(bytes(buf, index, length)));
    private final LoopQueue.Receiver ignoring = (buf, index, length) -> {};

    private LoopQueue queue(EventLoop from, EventLoop to) {
        return new LoopQueue(from, to, ByteBufAllocator.DEFAULT, () -> seen.add("after"), () -> seen.add("room"));
    }

    private static ByteBuf frames(int number) {
        return buf(numbered(number, 4));
    }

    private static ByteBuf large(int bytes) {
        return ByteBufAllocator.DEFAULT.directBuffer(bytes).writeZero(bytes);
    }

    @Test
    void framesAndEventsArriveInTheirOrderAsOneTask() {
        LoopQueue queue = queue(from, to);
        queue.pass(one, frames(1));
        queue.event(() -> seen.add("event"));
        queue.pass(two, frames(2));
        queue.pass(one, frames(3));
        assertThat(to.run()).as("nothing goes over before the end of the tick").isZero();
        assertThat(from.run()).isOne();
        assertThat(seen).isEmpty();
        assertThat(to.run()).isOne();
        assertThat(seen).containsExactly("one 1", "event", "two 2", "one 3", "after");
    }

    @Test
    void aSignalBringsItsNumberInItsPlace() {
        LoopQueue queue = queue(from, to);
        LoopQueue.Signal signal = value -> seen.add("signal " + value);
        queue.pass(one, frames(1));
        queue.signal(signal, 7);
        queue.event(() -> seen.add("event"));
        queue.signal(signal, 8);
        queue.pass(one, frames(2));
        from.run();
        to.run();
        assertThat(seen).containsExactly("one 1", "signal 7", "event", "signal 8", "one 2", "after");
    }

    @Test
    void aSignalsNumberMayHaveAllBits() {
        LoopQueue queue = queue(from, to);
        List<Long> values = List.of(
                0L, 1L, -1L, 0xFFFFFFFFL, 0x80000000L, 0x1_00000000L, (1L << 53) - 1, Long.MAX_VALUE, Long.MIN_VALUE);
        List<Long> arrived = new ArrayList<>();
        values.forEach(value -> queue.signal(arrived::add, value));
        from.run();
        to.run();
        assertThat(arrived).isEqualTo(values);
    }

    @Test
    void eachTickIsABatchOfItsOwn() {
        LoopQueue queue = queue(from, to);
        for (int tick = 0; tick < 3; tick++) {
            queue.pass(one, frames(tick));
            from.run();
        }
        assertThat(to.run()).isEqualTo(3);
        assertThat(seen).containsExactly("one 0", "after", "one 1", "after", "one 2", "after");
    }

    @Test
    void onOneLoopABatchArrivesAtTheEndOfTheTickAsWell() {
        LoopQueue queue = queue(from, from);
        queue.pass(one, frames(1));
        queue.event(() -> {
            seen.add("event");
            queue.pass(two, frames(2)); // into the next batch, not into the one under way
        });
        assertThat(seen).isEmpty();
        from.run();
        assertThat(seen).containsExactly("one 1", "event", "after", "two 2", "after");
    }

    @Test
    void aLargeBatchMayGoBeforeTheTickEnds() {
        LoopQueue queue = queue(from, to);
        queue.pass(ignoring, large(256 * 1024 - 1));
        queue.postIfLarge();
        assertThat(to.run()).isZero();
        queue.pass(one, frames(1));
        queue.postIfLarge();
        assertThat(to.run()).isOne();
        assertThat(seen).containsExactly("one 1", "after");
        from.run();
        assertThat(to.run()).as("nothing is posted twice").isZero();
    }

    @Test
    void anErrorOfOneLinkCostsTheOthersNothing() {
        LoopQueue queue = queue(from, to);
        queue.event(() -> {
            throw new AssertionError("on purpose");
        });
        queue.pass(one, frames(1));
        from.run();
        try (Logged log = new Logged(LoopQueue.class)) {
            to.run();
            assertThat(log.lines()).singleElement().asString().startsWith("ERROR Internal error");
        }
        assertThat(seen).containsExactly("one 1", "after");
    }

    @Test
    void itIsFullWhenMoreThanItsBoundIsUnderWayAndSaysWhenThereIsRoomAgain() {
        LoopQueue queue = queue(from, to);
        queue.pass(ignoring, large(BOUND_BYTES));
        from.run();
        assertThat(queue.isFull()).as("at its bound").isFalse();
        queue.pass(one, frames(1));
        assertThat(queue.isFull()).as("what is not posted yet counts as well").isTrue();
        queue.awaitRoom();
        from.run();
        assertThat(queue.isFull()).isTrue();
        assertThat(from.run()).isZero();

        to.run();
        assertThat(queue.isFull()).isFalse();
        assertThat(from.run()).isOne();
        assertThat(seen).containsExactly("after", "one 1", "after", "room");
    }

    @Test
    void roomIsSaidAtHalfTheBound() {
        LoopQueue queue = queue(from, to);
        for (int i = 0; i < 5; i++) {
            queue.pass(ignoring, large(BOUND_BYTES / 4));
            from.run();
        }
        assertThat(queue.isFull()).isTrue();
        queue.awaitRoom();
        queue.awaitRoom();
        to.runOne();
        to.runOne();
        assertThat(from.run()).as("three quarters are under way").isZero();
        to.runOne();
        assertThat(from.run()).as("half of it").isOne();
        assertThat(seen).contains("room");
        to.run();
        assertThat(from.run()).as("it is said once").isZero();
    }

    @Test
    void whoeverNeverAskedIsNotTold() {
        LoopQueue queue = queue(from, to);
        queue.pass(ignoring, large(BOUND_BYTES + 1));
        from.run();
        assertThat(queue.isFull()).as("a question is no wish").isTrue();
        to.run();
        assertThat(from.run()).isZero();
    }

    @Test
    void whoeverAsksTooLateIsToldSoon() {
        LoopQueue queue = queue(from, to);
        queue.pass(ignoring, large(BOUND_BYTES + 1));
        from.run();
        assertThat(queue.isFull()).isTrue();
        to.run();
        queue.awaitRoom(); // the other loop has caught up meanwhile
        assertThat(seen).doesNotContain("room");
        assertThat(from.run()).isOne();
        assertThat(seen).containsOnlyOnce("room");
    }

    @Test
    void whatIsNotPostedYetIsWaitedForAsWell() {
        LoopQueue queue = queue(from, to);
        queue.pass(ignoring, large(BOUND_BYTES / 2 + 1));
        queue.awaitRoom();
        assertThat(from.run()).as("only the batch was posted").isOne();
        to.run();
        assertThat(from.run()).isOne();
        assertThat(seen).containsExactly("after", "room");
    }

    @Test
    void onOneLoopRoomIsSaidSoon() {
        LoopQueue queue = queue(from, from);
        queue.pass(ignoring, large(BOUND_BYTES + 1));
        queue.awaitRoom();
        from.run();
        assertThat(seen).contains("room");
    }

    @Test
    void onOneLoopItIsNeverFullForNobodyElseCouldCatchUp() {
        LoopQueue queue = queue(from, from);
        queue.pass(ignoring, large(BOUND_BYTES + 1));
        assertThat(queue.isFull()).isFalse();
        from.run();
    }

    @Test
    void onlyTheLoopThatItStartsFromMayPutSomethingIn() {
        EventLoop another = new DefaultEventLoop();
        LoopQueue queue = queue(another, to);
        assertThatThrownBy(() -> queue.event(() -> {})).isInstanceOf(AssertionError.class);
        another.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    @Timeout(20)
    void betweenTwoThreadsNothingIsLostDoubledOrOvertakenAndRoomIsAlwaysSaid() throws Exception {
        EventLoop sender = new DefaultEventLoop();
        EventLoop receiver = new DefaultEventLoop();
        try {
            new Stream(sender, receiver).run();
        } finally {
            sender.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
            receiver.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /** Sends numbered frames and events while there is room, and goes on when there is room again. */
    private static final class Stream {
        private static final int COUNT = 4_000;
        private static final int FRAME_BYTES = 16 * 1024;

        private final EventLoop sender;
        private final EventLoop receiver;
        private final LoopQueue queue;
        private final CountDownLatch allThere = new CountDownLatch(1);
        private final List<Integer> numbers = new ArrayList<>();
        /** The receiver rests until the sender has reached the bound. */
        private final CountDownLatch full = new CountDownLatch(1);

        private int next;

        Stream(EventLoop sender, EventLoop receiver) {
            this.sender = sender;
            this.receiver = receiver;
            queue = new LoopQueue(sender, receiver, ByteBufAllocator.DEFAULT, () -> {}, this::send);
        }

        void run() throws Exception {
            receiver.execute(() -> {
                try {
                    full.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            sender.execute(this::send);
            assertThat(allThere.await(15, TimeUnit.SECONDS)).as("all arrived").isTrue();
            assertThat(full.getCount()).as("the bound held the sender back").isZero();
            List<Integer> got = receiver.submit(() -> List.copyOf(numbers)).get();
            assertThat(got).hasSize(COUNT);
            for (int i = 0; i < COUNT; i++) {
                assertThat(got.get(i)).isEqualTo(i);
            }
        }

        private void send() {
            while (next < COUNT) {
                if (queue.isFull()) {
                    queue.awaitRoom();
                    full.countDown();
                    return;
                }
                int number = next++;
                if (number % 3 == 0) {
                    queue.event(() -> got(number));
                } else {
                    ByteBuf frames = ByteBufAllocator.DEFAULT.directBuffer(FRAME_BYTES);
                    frames.writeInt(number).writeZero(FRAME_BYTES - 4);
                    queue.pass(this::frames, frames);
                }
                if (number % 50 == 0) {
                    sender.execute(this::send); // the tick ends here
                    return;
                }
            }
        }

        private void frames(ByteBuf buf, int index, int length) {
            got(buf.getInt(index));
        }

        private void got(int number) {
            numbers.add(number);
            if (numbers.size() == COUNT) {
                allThere.countDown();
            }
        }
    }
}
