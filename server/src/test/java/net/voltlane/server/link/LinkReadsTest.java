package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import net.voltlane.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Reads, and the buffers that they share. */
@ExtendWith(LeakCheck.class)
final class LinkReadsTest {
    private final SharedBuffer large = new SharedBuffer(ByteBufAllocator.DEFAULT, 1000);
    private final SharedBuffer small = new SharedBuffer(ByteBufAllocator.DEFAULT, 10);

    @AfterEach
    void release() {
        large.release();
        small.release();
        small.release(); // a second time does nothing
    }

    @Test
    void readsThatKeepNothingShareOneBuffer() {
        ByteBuf first = large.take();
        first.writeLong(1).readByte();
        first.release();
        ByteBuf second = large.take();
        assertThat(second).isSameAs(first);
        assertThat(second.readableBytes()).as("empty again").isZero();
        assertThat(second.writableBytes()).isEqualTo(1000);
        second.release();
    }

    @Test
    void aKeptSliceIsLeftAloneByTheNextRead() {
        ByteBuf first = large.take().writeLong(7);
        ByteBuf kept = first.retainedSlice(0, 8);
        first.release();
        ByteBuf second = large.take().writeLong(8);
        assertThat(second).isNotSameAs(first);
        assertThat(kept.getLong(0)).isEqualTo(7);
        second.release();
        kept.release();
        assertThat(first.refCnt()).as("freed with its last slice").isZero();
    }

    @Test
    void aReadUnderWayKeepsItsBufferToItself() {
        ByteBuf first = large.take();
        ByteBuf second = large.take();
        assertThat(second).isNotSameAs(first);
        first.release();
        second.release();
    }

    @Test
    void theBufferNeverGrows() {
        ByteBuf buf = large.take();
        assertThat(buf.maxCapacity()).isEqualTo(1000);
        buf.release();
    }

    @Test
    @SuppressWarnings("deprecation") // the transports ask for handles
    void eachReadGoesToTheBufferThatIsNamedAtThatMoment() {
        LinkReads reads = new LinkReads(() -> small);
        ByteBuf one = reads.newHandle().allocate(ByteBufAllocator.DEFAULT);
        assertThat(one.capacity()).isEqualTo(10);
        one.release();
        reads.source(() -> large);
        ByteBuf two = reads.newHandle().allocate(ByteBufAllocator.DEFAULT);
        assertThat(two.capacity()).isEqualTo(1000);
        two.release();
    }

    @Test
    @SuppressWarnings("deprecation") // the transports ask for handles
    void aChannelReadsOnceInATick() {
        LinkReads reads = new LinkReads(() -> small);
        reads.lastBytesRead(10);
        reads.attemptedBytesRead(10);
        assertThat(reads.continueReading()).isFalse();
        assertThat(reads.continueReading(() -> true)).isFalse();
        assertThat(reads.lastBytesRead()).isEqualTo(10);
    }
}
