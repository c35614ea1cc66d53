package net.voltlane.server.link;

import static net.voltlane.server.link.Bufs.buf;
import static net.voltlane.server.link.Bufs.bytes;
import static net.voltlane.testkit.Bytes.text;
import static net.voltlane.testkit.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Packing of small frames of many receivers into the buffers of a queue. */
@ExtendWith(LeakCheck.class)
final class LoopQueuePackingTest {
    private final ManualLoop from = new ManualLoop(new ManualClock());
    private final ManualLoop to = new ManualLoop(new ManualClock());
    private final LoopQueue queue = new LoopQueue(from, to, ByteBufAllocator.DEFAULT, this::afterBatch, () -> {});
    private final List<String> seen = new ArrayList<>();
    private final List<ByteBuf> bufs = new ArrayList<>();
    private final LoopQueue.Receiver one = (buf, index, length) -> arrives("1:", buf, index, length);
    private final LoopQueue.Receiver two = (buf, index, length) -> arrives("2:", buf, index, length);
    private Runnable atTheEndOfABatch = () -> {};

    private void arrives(String whose, ByteBuf buf, int index, int length) {
        seen.add(whose + text(bytes(buf, index, length)));
        bufs.add(buf);
    }

    private void afterBatch() {
        atTheEndOfABatch.run();
    }

    private void pack(LoopQueue.Receiver receiver, String text) {
        queue.room(receiver, text.length()).writeBytes(utf8(text));
    }

    private List<String> arrived() {
        from.run();
        to.run();
        List<String> now = List.copyOf(seen);
        seen.clear();
        return now;
    }

    @AfterEach
    void release() {
        queue.release();
    }

    @Test
    void framesForOneReceiverThatFollowEachOtherArriveAsOne() {
        pack(one, "a");
        pack(one, "b");
        pack(two, "c");
        pack(two, "d");
        pack(one, "e");
        assertThat(arrived()).containsExactly("1:ab", "2:cd", "1:e");
        assertThat(bufs).as("one buffer serves them all").allMatch(buf -> buf == bufs.get(0));
    }

    @Test
    void framesPassedOnAsTheyAreKeepTheirPlace() {
        pack(one, "a");
        queue.pass(one, buf(utf8("[whole]")));
        pack(one, "b");
        pack(one, "c");
        assertThat(arrived()).containsExactly("1:a", "1:[whole]", "1:bc");
    }

    @Test
    void nothingIsPackedAcrossAnEvent() {
        pack(one, "a");
        queue.event(() -> seen.add("event"));
        pack(one, "b");
        assertThat(arrived()).containsExactly("1:a", "event", "1:b");
    }

    @Test
    void aBufferThatNobodyKeptServesTheNextBatch() {
        pack(one, "a");
        assertThat(arrived()).containsExactly("1:a");
        pack(two, "b");
        assertThat(arrived()).containsExactly("2:b");
        assertThat(bufs.get(1)).isSameAs(bufs.get(0));
    }

    @Test
    void whatAReceiverKeptStaysAsItWas() {
        List<ByteBuf> kept = new ArrayList<>();
        LoopQueue.Receiver keeping = (buf, index, length) -> kept.add(buf.retainedSlice(index, length));
        pack(keeping, "kept");
        arrived();
        pack(one, "other");
        assertThat(arrived()).containsExactly("1:other");
        assertThat(text(bytes(kept.get(0)))).isEqualTo("kept");
    }

    @Test
    void whatArrivedStaysAsItIsUntilTheBatchIsOver() {
        atTheEndOfABatch = () -> {
            atTheEndOfABatch = () -> {};
            assertThat(text(bytes(bufs.get(0), 0, 1))).isEqualTo("a");
            seen.add("still there");
        };
        // An event that puts more in, as sessions do on a loop that serves clients as well.
        LoopQueue same = new LoopQueue(from, from, ByteBufAllocator.DEFAULT, this::afterBatch, () -> {});
        same.room(one, 1).writeByte('a');
        same.event(() -> same.room(two, 1).writeByte('b'));
        from.run();
        assertThat(seen).containsExactly("1:a", "still there", "2:b");
        same.release();
    }

    @Test
    void aBatchThatWasPostedEarlyIsNotAppendedTo() {
        int large = 256 * 1024;
        queue.room(one, large).writeZero(large);
        queue.postIfLarge();
        pack(one, "next");
        to.run();
        assertThat(seen).hasSize(1);
        assertThat(arrived()).hasSize(2).endsWith("1:next");
    }

    @Test
    void manySmallFramesLieInBuffersOfBoundedSize() {
        String sixteen = "0123456789abcdef";
        for (int i = 0; i < 20_000; i++) {
            pack(one, sixteen);
        }
        List<String> parts = arrived();
        assertThat(String.join("", parts).replace("1:", "")).isEqualTo(sixteen.repeat(20_000));
        assertThat(parts).allMatch(part -> part.length() <= 2 + LoopQueue.PART_BYTES);
        assertThat(parts.size()).isLessThan(12);
    }

    @Test
    void manyReceiversInOneBatchGetTheirOwn() {
        int receivers = 5_000;
        int[] sums = new int[receivers];
        List<LoopQueue.Receiver> all = new ArrayList<>();
        for (int i = 0; i < receivers; i++) {
            int which = i;
            all.add((buf, index, length) -> sums[which] += length * 1_000 + buf.getInt(index) - which);
        }
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < receivers; i++) {
                queue.room(all.get(i), 4).writeInt(i);
            }
        }
        arrived();
        assertThat(sums).containsOnly(2 * 4 * 1_000);
    }

    @Test
    void whatIsPackedCountsForTheReserve() {
        int bytes = 1024 * 1024;
        for (int i = 0; i < 4; i++) {
            queue.room(one, bytes).writeZero(bytes);
        }
        assertThat(queue.isFull()).isFalse();
        pack(one, "one more");
        assertThat(queue.isFull()).isTrue();
        arrived();
        assertThat(queue.isFull()).isFalse();
    }
}
