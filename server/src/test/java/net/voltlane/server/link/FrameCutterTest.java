package net.voltlane.server.link;

import static net.voltlane.server.link.Bufs.buf;
import static net.voltlane.server.link.Bufs.frame;
import static net.voltlane.server.link.Bufs.payload;
import static net.voltlane.testkit.Bytes.concat;
import static net.voltlane.testkit.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.Seeds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
final class FrameCutterTest {
    private static final int MAX_FRAME_BYTES = 1000;

    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    private final List<byte[]> frames = new ArrayList<>();
    private final FrameCutter cutter = new FrameCutter(MAX_FRAME_BYTES, ByteBufAllocator.DEFAULT, budget) {
        @Override
        protected void frame(ByteBuf buf, int index, int length) {
            byte[] frame = new byte[length];
            buf.getBytes(index, frame);
            buf.setIntLE(index - 4, -1); // the bytes before a payload are spent
            frames.add(frame);
        }
    };

    @AfterEach
    void release() {
        cutter.release();
        assertThat(budget.heldBytes()).isZero();
    }

    private boolean cut(byte[] bytes) {
        ByteBuf in = buf(bytes);
        boolean understood = cutter.cut(in);
        assertThat(in.refCnt()).as("what is read stays the caller's").isOne();
        in.release();
        return understood;
    }

    private List<byte[]> frames() {
        List<byte[]> all = List.copyOf(frames);
        frames.clear();
        return all;
    }

    @Test
    void wholeFramesAreCutInPlaceAndNothingIsHeld() {
        ByteBuf in = buf(frame(1, 3), frame(2, 0), frame(3, MAX_FRAME_BYTES));
        List<ByteBuf> where = new ArrayList<>();
        FrameCutter inPlace = new FrameCutter(MAX_FRAME_BYTES, ByteBufAllocator.DEFAULT, budget) {
            @Override
            protected void frame(ByteBuf buf, int index, int length) {
                where.add(buf);
            }
        };
        assertThat(inPlace.cut(in)).isTrue();
        assertThat(where).hasSize(3).allMatch(buf -> buf == in);
        assertThat(inPlace.chargedBytes()).isZero();
        in.release();
    }

    @Test
    void framesSplitAtEveryByte() {
        byte[] all = concat(frame(1, 3), frame(2, 0), frame(3, 300), frame(4, 1));
        for (int at = 0; at <= all.length; at++) {
            assertThat(cut(Arrays.copyOf(all, at))).isTrue();
            assertThat(cut(Arrays.copyOfRange(all, at, all.length))).isTrue();
            assertThat(frames())
                    .as("split at %d", at)
                    .containsExactly(payload(1, 3), payload(2, 0), payload(3, 300), payload(4, 1));
            assertThat(cutter.chargedBytes()).isZero();
        }
    }

    @Test
    void oneByteAtATime() {
        for (byte b : concat(frame(1, 3), frame(2, 0), frame(3, 9))) {
            assertThat(cut(new byte[] {b})).isTrue();
        }
        assertThat(frames()).containsExactly(payload(1, 3), payload(2, 0), payload(3, 9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"E9030000", "FFFFFF7F", "00000080", "FFFFFFFF"})
    void aFrameOverTheLimitIsRefusedByItsLengthAloneAfterWhatCameBeforeIt(String prefix) {
        byte[] all = concat(frame(1, 5), frame(2, 6), hex(prefix));
        for (int at = 0; at < all.length; at++) {
            assertThat(cut(Arrays.copyOf(all, at))).isTrue();
            assertThat(cut(concat(Arrays.copyOfRange(all, at, all.length), frame(3, 7))))
                    .isFalse();
            assertThat(frames()).as("split at %d", at).containsExactly(payload(1, 5), payload(2, 6));
            cutter.release();
        }
    }

    @Test
    void whatIsHeldGrowsWithWhatHasComeAndIsCharged() {
        byte[] frame = frame(1, MAX_FRAME_BYTES);
        for (int have = 10; have < frame.length; have += 10) {
            assertThat(cut(Arrays.copyOfRange(frame, have - 10, have))).isTrue();
            assertThat(cutter.chargedBytes()).isBetween((long) have, 4L * have + 64);
            assertThat(budget.heldBytes()).isEqualTo(cutter.chargedBytes());
        }
        cutter.release();
        assertThat(budget.heldBytes()).isZero();
        assertThat(frames()).isEmpty();
    }

    @Test
    void afterAReleaseItBeginsWithANewFrame() {
        cut(Arrays.copyOf(frame(1, 5), 7));
        cutter.release();
        cut(frame(2, 6));
        assertThat(frames()).containsExactly(payload(2, 6));
    }

    @Test
    void framesInRandomPieces() {
        Seeds.run(seed -> {
            SplittableRandom random = new SplittableRandom(seed);
            List<byte[]> sent = new ArrayList<>();
            List<byte[]> all = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                int length = random.nextInt(random.nextInt(4) == 0 ? MAX_FRAME_BYTES + 1 : 20);
                sent.add(payload(i, length));
                all.add(frame(i, length));
            }
            for (byte[] piece : Bufs.split(concat(all.toArray(byte[][]::new)), 1 + random.nextInt(2000), random)) {
                assertThat(cut(piece)).isTrue();
            }
            assertThat(frames()).containsExactlyElementsOf(sent);
        });
    }
}
