package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.fuzz.Aftermath;
import net.voltlane.fuzz.Frames;
import net.voltlane.fuzz.Script;

/**
 * A stream is cut into the same frames wherever it is split, and what is held meanwhile is no more than what has come.
 */
final class FrameCutterFuzzTest {
    private static final int MAX_FRAME_BYTES = 3_000;
    /** A buffer's capacity is a power of two, at least 64 bytes; it may be twice what has come, and a little. */
    private static final int HELD_FOR_EACH_BYTE = 4;

    private static final int LEAST_HELD_BYTES = 64;

    @FuzzTest
    void anyStream(byte[] input) {
        List<byte[]> pieces = new Script(input).pieces();
        Frames expected = Frames.of(pieces, MAX_FRAME_BYTES);
        Aftermath.of(() -> {
            Frames cut = cut(pieces);
            assertThat(cut.payloads()).containsExactlyElementsOf(expected.payloads());
            assertThat(cut.isOverLimit()).isEqualTo(expected.isOverLimit());
        });
    }

    private static Frames cut(List<byte[]> pieces) {
        List<byte[]> payloads = new ArrayList<>();
        MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
        FrameCutter cutter = new FrameCutter(MAX_FRAME_BYTES, ByteBufAllocator.DEFAULT, budget) {
            @Override
            protected void frame(ByteBuf buf, int index, int length) {
                payloads.add(Bufs.bytes(buf, index, length));
            }
        };
        boolean understood = true;
        int comeBytes = 0;
        for (int i = 0; i < pieces.size() && understood; i++) {
            ByteBuf piece = Bufs.buf(pieces.get(i));
            understood = cutter.cut(piece);
            piece.release();
            comeBytes += pieces.get(i).length;
            assertThat(budget.heldBytes()).isEqualTo(cutter.chargedBytes());
            assertThat(budget.heldBytes()).isLessThanOrEqualTo(LEAST_HELD_BYTES + HELD_FOR_EACH_BYTE * comeBytes);
        }
        cutter.release();
        assertThat(budget.heldBytes()).isZero();
        return new Frames(payloads, !understood);
    }
}
