package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.HashSet;
import java.util.Set;
import net.voltlane.protocol.Frame;
import org.junit.jupiter.api.Test;

/** Tests of the objects in which links keep frames, and which they share. */
final class KeptFramesPoolTest {
    private final MemoryBudget budget = new MemoryBudget(1 << 20);
    private final KeptFramesPool pool = new KeptFramesPool(ByteBufAllocator.DEFAULT, budget);

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
