package net.voltlane.jmh;

import io.netty.buffer.ByteBuf;
import net.voltlane.protocol.Frame;
import net.voltlane.server.link.FrameCutter;
import net.voltlane.server.link.MemoryBudget;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Cutting what a link has read into frames. Figures are per frame. */
public class FrameCutterBenchmark extends Timed {
    private static final int FRAMES = 64;

    @Param({"16", "64", "512", "1000", "16384"})
    public int payloadBytes;

    private final MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
    private ByteBuf frames;
    private FrameCutter cutter;
    private long cutBytes;

    @Setup
    public void fill() {
        frames = Packets.ofClient(FRAMES, payloadBytes, 2);
        cutter = new FrameCutter(payloadBytes, ServerParts.ALLOCATOR, budget) {
            @Override
            protected void frame(ByteBuf buf, int index, int length) {
                cutBytes += length;
            }
        };
    }

    @TearDown
    public void release() {
        cutter.release();
        frames.release();
    }

    /** Many whole frames in one read: nothing is copied. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void whole() {
        long before = cutBytes;
        frames.readerIndex(0);
        cutter.cut(frames);
        check(before);
    }

    /** Each read ends in the middle of a frame: every frame is put together of two halves. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void split() {
        long before = cutBytes;
        int end = frames.writerIndex();
        int step = Frame.PREFIX_BYTES + payloadBytes;
        frames.readerIndex(0);
        for (int cut = step / 2; cut < end; cut += step) {
            frames.writerIndex(cut);
            cutter.cut(frames);
            frames.readerIndex(cut);
        }
        frames.writerIndex(end);
        cutter.cut(frames);
        check(before);
    }

    private void check(long before) {
        if (cutBytes - before != (long) FRAMES * payloadBytes) {
            throw new IllegalStateException((cutBytes - before) + " bytes were cut");
        }
    }
}
