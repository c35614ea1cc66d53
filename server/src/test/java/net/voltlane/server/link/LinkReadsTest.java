package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import net.voltlane.testkit.LeakCheck;
import net.voltlane.testkit.ManualClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Reads, and the buffers that they share. */
@ExtendWith(LeakCheck.class)
final class LinkReadsTest {
    private enum Pause {
        ONE,
        OTHER
    }

    private final FakeChannel channel = FakeChannel.connected(new ManualLoop(new ManualClock()));
    private final SharedBuffer large = new SharedBuffer(ByteBufAllocator.DEFAULT, 1000);
    private final SharedBuffer small = new SharedBuffer(ByteBufAllocator.DEFAULT, 10);

    @AfterEach
    void release() {
        large.release();
        small.release();
        channel.close();
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

    // ---- pauses

    @Test
    void aChannelIsReadFromOnceNoReasonStandsAgainstIt() {
        LinkReads<Pause> reads = new LinkReads<>(channel, () -> small);
        assertThat(isRead(reads)).isTrue();
        reads.pause(Pause.ONE);
        assertThat(isRead(reads)).isFalse();
        reads.pause(Pause.OTHER);
        reads.resume(Pause.ONE);
        assertThat(isRead(reads)).as("the other reason stands").isFalse();
        assertThat(reads.isPausedFor(Pause.ONE)).isFalse();
        assertThat(reads.isPausedFor(Pause.OTHER)).isTrue();
        reads.resume(Pause.OTHER);
        assertThat(isRead(reads)).isTrue();
    }

    @Test
    void aReasonStandsOnceHoweverOftenItIsGiven() {
        LinkReads<Pause> reads = new LinkReads<>(channel, () -> small);
        reads.resume(Pause.ONE);
        assertThat(isRead(reads)).isTrue();
        reads.pause(Pause.ONE);
        reads.pause(Pause.ONE);
        reads.resume(Pause.ONE);
        assertThat(isRead(reads)).isTrue();
    }

    @Test
    void allReasonsCanBeTakenBackAtOnce() {
        LinkReads<Pause> reads = new LinkReads<>(channel, () -> small);
        reads.pause(Pause.ONE);
        reads.pause(Pause.OTHER);
        reads.resume();
        assertThat(isRead(reads)).isTrue();
        assertThat(reads.isPausedFor(Pause.ONE)).isFalse();
        assertThat(reads.isPausedFor(Pause.OTHER)).isFalse();
    }

    private boolean isRead(LinkReads<Pause> reads) {
        boolean isRead = channel.config().isAutoRead();
        assertThat(reads.isPaused()).isEqualTo(!isRead);
        return isRead;
    }

    // ---- buffers

    @Test
    void theBufferNeverGrows() {
        ByteBuf buf = large.take();
        assertThat(buf.maxCapacity()).isEqualTo(1000);
        buf.release();
    }

    @Test
    @SuppressWarnings("deprecation") // the transports ask for handles
    void eachReadGoesToTheBufferThatIsNamedAtThatMoment() {
        LinkReads<Pause> reads = new LinkReads<>(channel, () -> small);
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
        LinkReads<Pause> reads = new LinkReads<>(channel, () -> small);
        reads.lastBytesRead(10);
        reads.attemptedBytesRead(10);
        assertThat(reads.continueReading()).isFalse();
        assertThat(reads.continueReading(() -> true)).isFalse();
        assertThat(reads.lastBytesRead()).isEqualTo(10);
    }
}
