package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.HashSet;
import java.util.Set;
import net.voltlane.protocol.Frame;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of the objects in which links keep frames, and which they share. */
@ExtendWith(LeakCheck.class)
final class KeptFramesPoolTest {
    private final MemoryBudget budget = new MemoryBudget(1 << 20);
    private final KeptFramesPool pool = new KeptFramesPool(ByteBufAllocator.DEFAULT, budget);

    @AfterEach
    void release() {
        pool.release();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void theNextLinkGetsTheOneThatWasGivenBackWithItsOwnNumbers() {
        KeptFrames kept = pool.take(5);
        keep(kept, 3);
        kept.excuse();
        kept.trim(7);
        pool.giveBack(kept);
        assertThat(budget.heldBytes()).isZero();

        KeptFrames next = pool.take(100);
        assertThat(next).isSameAs(kept);
        assertThat(next.first()).isEqualTo(100);
        assertThat(next.isEmpty()).isTrue();
        assertThat(next.bytes()).isZero();
        keep(next, 1);
        assertThat(next.excusedPackets()).isZero();
        assertThat(next.next()).isEqualTo(101);
        next.release();
        pool.giveBack(next);
    }

    @Test
    void twoLinksNeverShareOne() {
        Set<KeptFrames> taken = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            taken.add(pool.take(1));
        }
        assertThat(taken).hasSize(100);
        taken.forEach(pool::giveBack);
        Set<KeptFrames> again = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            again.add(pool.take(1));
        }
        assertThat(again).isEqualTo(taken);
    }

    @Test
    void aSmallChunkStaysForTheNextLinkUnlessSomebodyElseReadsIt() {
        KeptFrames kept = pool.take(1);
        keep(kept, 1);
        ByteBuf chunk = kept.chunks().get(0);
        kept.trim(1);
        pool.giveBack(kept);
        assertThat(budget.heldBytes()).as("an empty one is charged nothing").isZero();

        KeptFrames next = pool.take(1);
        keep(next, 2);
        assertThat(next.chunks().get(0)).isSameAs(chunk);
        assertThat(budget.heldBytes()).isEqualTo(chunk.capacity());
        assertThat(next.bytes()).isEqualTo(chunk.readableBytes());
        ByteBuf sent = chunk.retainedSlice();
        next.trim(2);
        pool.giveBack(next);
        assertThat(sent.refCnt()).as("the sender's alone").isOne();

        KeptFrames last = pool.take(1);
        keep(last, 1);
        assertThat(last.chunks().get(0)).isNotSameAs(chunk);
        last.release();
        pool.giveBack(last);
        sent.release();
    }

    @Test
    void aLargeChunkDoesNotStay() {
        KeptFrames kept = pool.take(1);
        ByteBuf frame = Unpooled.wrappedBuffer(Frame.of(new byte[5000]));
        kept.append(frame, 0, frame.readableBytes());
        ByteBuf chunk = kept.chunks().get(0);
        kept.trim(1);
        pool.giveBack(kept);
        assertThat(chunk.refCnt()).isZero();
    }

    @Test
    void whatIsNotNeededAnyMoreIsDroppedByAndBy() {
        Set<KeptFrames> known = takeAndGiveBack(100);
        pool.sweep(); // none of them lay here since the sweep before
        pool.sweep();
        Set<KeptFrames> left = takeAndGiveBack(100);
        left.retainAll(known);
        assertThat(left).hasSize(75);
        for (int i = 0; i < 30; i++) {
            pool.sweep();
        }
        assertThat(takeAndGiveBack(100)).doesNotContainAnyElementsOf(known);
    }

    @Test
    void whatIsNeededBetweenAnyTwoSweepsStays() {
        Set<KeptFrames> known = takeAndGiveBack(100);
        for (int i = 0; i < 30; i++) {
            pool.sweep();
            assertThat(takeAndGiveBack(100)).isEqualTo(known);
        }
    }

    private Set<KeptFrames> takeAndGiveBack(int links) {
        Set<KeptFrames> taken = new HashSet<>();
        for (int i = 0; i < links; i++) {
            taken.add(pool.take(1));
        }
        taken.forEach(pool::giveBack);
        return taken;
    }

    private static void keep(KeptFrames kept, int frames) {
        for (int i = 0; i < frames; i++) {
            ByteBuf frame = Unpooled.wrappedBuffer(Frame.of(new byte[] {(byte) i}));
            kept.append(frame, 0, frame.readableBytes());
            frame.release();
        }
    }
}
