package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.Supplier;

/**
 * How one channel reads: one read a tick, so that every ready channel has its turn, into the buffer that {@code source}
 * names at that moment. The channel's own setting and its handle in one, because there is one of it per client.
 */
@SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is, but the transports ask for it
public final class LinkReads implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {
    private Supplier<SharedBuffer> source;
    private int attemptedBytes;
    private int lastBytes;

    public LinkReads(Supplier<SharedBuffer> source) {
        this.source = source;
    }

    /** From the next read on, read into what this names. */
    public void source(Supplier<SharedBuffer> next) {
        source = next;
    }

    @Override
    public ExtendedHandle newHandle() {
        return this;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator ignored) {
        return source.get().take();
    }

    @Override
    public int guess() {
        return 2048;
    }

    @Override
    public void reset(ChannelConfig config) {
        lastBytes = 0;
    }

    @Override
    public void incMessagesRead(int messages) {}

    @Override
    public void lastBytesRead(int bytes) {
        lastBytes = bytes;
    }

    @Override
    public int lastBytesRead() {
        return lastBytes;
    }

    @Override
    public void attemptedBytesRead(int bytes) {
        attemptedBytes = bytes;
    }

    @Override
    public int attemptedBytesRead() {
        return attemptedBytes;
    }

    @Override
    public boolean continueReading() {
        return false;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
        return false;
    }

    @Override
    public void readComplete() {}
}
