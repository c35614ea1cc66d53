package net.voltlane.server.link;

import static net.voltlane.server.link.Bufs.buf;
import static net.voltlane.server.link.Bufs.bytes;
import static net.voltlane.server.link.Bufs.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
final class KeptFramesTest {
    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    private final KeptFrames kept = new KeptFrames(ByteBufAllocator.DEFAULT, budget, 1);

    @AfterEach
    void release() {
        kept.release();
        assertThat(kept.isEmpty()).isTrue();
        assertThat(kept.chunks()).isEmpty();
        assertThat(budget.heldBytes()).as("charged without frames").isZero();
    }

    /** Appends frames with these numbers as one run. */
    private void append(int first, int last, int payloadBytes) {
        append(kept, first, last, payloadBytes);
    }

    private static void append(KeptFrames to, int first, int last, int payloadBytes) {
        byte[][] frames = frames(first, last, payloadBytes);
        ByteBuf run = buf(Bytes.concat(new byte[3]), Bytes.concat(frames), new byte[3]);
        to.append(run, 3, run.readableBytes() - 6);
        assertThat(run.refCnt()).as("the run stays the caller's").isOne();
        run.release();
    }

    private static byte[][] frames(int first, int last, int payloadBytes) {
        byte[][] frames = new byte[last - first + 1][];
        for (int number = first; number <= last; number++) {
            frames[number - first] = frame(number, payloadBytes);
        }
        return frames;
    }

    private static byte[] content(KeptFrames of) {
        List<byte[]> parts = new ArrayList<>();
        for (ByteBuf chunk : of.chunks()) {
            parts.add(bytes(chunk, chunk.readerIndex(), chunk.readableBytes()));
        }
        return Bytes.concat(parts.toArray(byte[][]::new));
    }

    private void holds(int first, int last, int payloadBytes) {
        assertThat(content(kept)).isEqualTo(Bytes.concat(frames(first, last, payloadBytes)));
        assertThat(kept.first()).isEqualTo(first);
        assertThat(kept.next()).isEqualTo(last + 1);
        assertThat(kept.packets()).isEqualTo(last - first + 1);
        assertThat(kept.bytes()).isEqualTo((last - first + 1) * (4L + payloadBytes));
    }

    @Test
    void withoutFramesItHoldsNothing() {
        assertThat(kept.isEmpty()).isTrue();
        assertThat(kept.first()).isOne();
        assertThat(kept.next()).isOne();
        assertThat(kept.bytes()).isZero();
        assertThat(kept.chargedBytes()).isZero();
        assertThat(kept.takeChunks()).isEmpty();
        kept.trim(0);
        assertThat(kept.first()).isOne();
    }

    @Test
    void framesAreCopiedAndNumberedInTheirOrder() {
        append(1, 1, 10);
        append(2, 4, 10);
        holds(1, 4, 10);
        assertThat(kept.chunks()).as("small frames share a chunk").hasSize(1);
    }

    @Test
    void aFrameMayBeWrittenInPlace() {
        byte[] frame = frame(1, 10);
        kept.room(frame.length).writeBytes(frame);
        append(2, 2, 10);
        holds(1, 2, 10);
    }

    @Test
    void anEmptyPayloadIsAFrame() {
        append(1, 3, 0);
        kept.trim(1);
        holds(2, 3, 0);
    }

    @Test
    void trimmingDropsTheFirstFrames() {
        append(1, 5, 10);
        kept.trim(2);
        holds(3, 5, 10);
        kept.trim(2);
        holds(3, 5, 10);
        append(6, 6, 10);
        kept.trim(5);
        holds(6, 6, 10);
    }

    @Test
    void itHoldsNoChunkOnceAllIsAcknowledged() {
        append(1, 5, 10);
        kept.trim(5);
        assertThat(kept.chunks()).isEmpty();
        assertThat(budget.heldBytes()).isZero();
        assertThat(kept.first()).isEqualTo(6);
        append(6, 7, 10);
        holds(6, 7, 10);
    }

    @Test
    void whatWasNotThereCannotBeTrimmed() {
        append(1, 5, 10);
        kept.trim(3);
        assertThatThrownBy(() -> kept.trim(6)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> kept.trim(2)).isInstanceOf(AssertionError.class);
        holds(4, 5, 10);
    }

    @Test
    void chunksThatAreWhollyAcknowledgedAreFreed() {
        append(1, 1_000, 100);
        long before = budget.heldBytes();
        assertThat(before).isGreaterThanOrEqualTo(104_000);
        append(1_001, 2_000, 100);
        kept.trim(1_000);
        assertThat(budget.heldBytes()).isLessThanOrEqualTo(104_000 + KeptFrames.LARGE_CHUNK_BYTES);
        holds(1_001, 2_000, 100);
    }

    @Test
    void manySmallFramesTakeUpLittleMoreThanTheirOwnSize() {
        for (int number = 1; number <= 10_000; number++) {
            append(number, number, 20);
            assertThat(kept.chargedBytes()).isLessThanOrEqualTo(2 * kept.bytes() + 256);
        }
        assertThat(kept.chunks().size()).as("few chunks").isLessThan(20);
        holds(1, 10_000, 20);
    }

    /** A client with one frame always on its way must not hold a large chunk for it. */
    @Test
    void aFrameAlwaysUnderWayHoldsASmallChunk() {
        append(1, 1, 20);
        for (int number = 2; number <= 10_000; number++) {
            append(number, number, 20);
            kept.trim(number - 1);
            assertThat(kept.chargedBytes()).isLessThanOrEqualTo(512);
        }
    }

    /** A burst of frames and the acknowledgement behind it go out in one write, without another copy. */
    @Test
    void behindARunOfFramesThereIsRoomForAShortOne() {
        for (int last = 1; last < 500; last++) {
            append(kept, 1, last, 60);
            ByteBuf chunk = kept.lastChunk();
            assertThat(chunk).isNotNull();
            assertThat(chunk.writableBytes()).isGreaterThanOrEqualTo(13);
            kept.release();
        }
    }

    @Test
    void aLargeFrameHasAChunkOfItsOwnSize() {
        append(1, 1, 1_000_000);
        assertThat(kept.chargedBytes()).isEqualTo(1_000_004);
        append(2, 2, 1_000_000);
        holds(1, 2, 1_000_000);
        kept.trim(1);
        assertThat(kept.chargedBytes()).isEqualTo(1_000_004);
    }

    @Test
    void chunksMoveToAnotherObjectWithoutCopies() {
        append(1, 2_000, 100);
        kept.trim(10);
        List<ByteBuf> chunks = kept.takeChunks();
        assertThat(kept.isEmpty()).isTrue();
        assertThat(kept.first()).as("goes on behind them").isEqualTo(2_001);
        assertThat(budget.heldBytes()).as("charged while nobody has them").isZero();
        append(2_001, 2_001, 100);
        kept.prepend(chunks);
        assertThat(kept.chunks()).containsSubsequence(chunks);
        holds(11, 2_001, 100);
        append(2_002, 2_002, 100);
        kept.trim(2_000);
        holds(2_001, 2_002, 100);
    }

    @Test
    void adoptedChunksAreAppendedTo() {
        append(1, 3, 10);
        List<ByteBuf> chunks = kept.takeChunks();
        KeptFrames other = new KeptFrames(ByteBufAllocator.DEFAULT, budget, 1);
        other.append(chunks);
        append(other, 4, 4, 10);
        assertThat(content(other)).isEqualTo(Bytes.concat(frames(1, 4, 10)));
        assertThat(other.chunks()).hasSize(1);
        assertThat(other.first()).isOne();
        assertThat(other.next()).isEqualTo(5);
        other.release();
    }

    /** A slice of a chunk stays as it is while frames are appended behind it. */
    @Test
    void appendingLeavesSlicesAsTheyAre() {
        append(1, 3, 10);
        ByteBuf slice = kept.chunks().get(0).retainedSlice();
        append(4, 8, 10);
        kept.trim(8);
        assertThat(bytes(slice)).isEqualTo(Bytes.concat(frames(1, 3, 10)));
    }

    // ---- bounds

    @Test
    void oneMoreThanTheBoundExceedsIt() {
        QueueBounds three = new QueueBounds(3, 1_000);
        append(1, 3, 10);
        assertThat(kept.exceed(three)).isFalse();
        assertThat(kept.admits(three, 14)).isFalse();
        append(4, 4, 10);
        assertThat(kept.exceed(three)).isTrue();
        kept.trim(2);
        assertThat(kept.exceed(three)).isFalse();
        assertThat(kept.admits(three, 14)).isTrue();
        assertThat(kept.admits(three, 1_000)).as("by its bytes").isFalse();
    }

    @Test
    void anOnlyFrameIsNeverTooMuch() {
        QueueBounds few = new QueueBounds(1, 10);
        assertThat(kept.admits(few, 1_000)).isTrue();
        append(1, 1, 1_000);
        assertThat(kept.exceed(few)).isFalse();
        append(2, 2, 0);
        assertThat(kept.exceed(few)).isTrue();
    }

    @Test
    void excusedFramesCountAgainstNoBound() {
        QueueBounds three = new QueueBounds(3, 1_000);
        append(1, 10, 10);
        kept.excuse();
        assertThat(kept.exceed(three)).isFalse();
        append(11, 13, 10);
        assertThat(kept.exceed(three)).isFalse();
        append(14, 14, 10);
        assertThat(kept.exceed(three)).isTrue();
        kept.trim(5);
        assertThat(kept.exceed(three))
                .as("the acknowledged frames did not count anyway")
                .isTrue();
        kept.trim(11);
        assertThat(kept.exceed(three)).isFalse();
        assertThat(kept.excusedPackets()).isZero();
        append(15, 15, 10);
        assertThat(kept.exceed(three)).isTrue();
    }

    @Test
    void excusedBytesCountAgainstNoBound() {
        QueueBounds bounds = new QueueBounds(100, 30);
        append(1, 10, 10);
        kept.excuse();
        append(11, 12, 10);
        assertThat(kept.exceed(bounds)).isFalse();
        kept.trim(7);
        assertThat(kept.exceed(bounds)).isFalse();
        append(13, 13, 10);
        assertThat(kept.exceed(bounds)).isTrue();
        kept.trim(11);
        assertThat(kept.exceed(bounds)).isFalse();
    }

    @Test
    void anExcuseMovesWithItsFrames() {
        QueueBounds bounds = new QueueBounds(3, 30);
        append(1, 2_000, 100);
        kept.excuse();
        append(2_001, 2_001, 10);
        long excused = kept.excusedPackets();
        List<ByteBuf> chunks = kept.takeChunks();
        assertThat(kept.excusedPackets()).isZero();
        append(2_002, 2_002, 10);
        kept.prepend(chunks);
        assertThat(kept.exceed(bounds)).isTrue();
        kept.excuseFirst(excused);
        assertThat(kept.exceed(bounds)).isFalse();
        append(2_003, 2_003, 10);
        assertThat(kept.exceed(bounds)).isTrue();
    }
}
