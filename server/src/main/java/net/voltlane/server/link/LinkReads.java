package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.Supplier;

/**
 * The reads of a channel: whether it is read from, and into which buffer.
 *
 * <p>The channel is read from while no reason stands against it. Each reason is given and taken back by itself, and only
 * this class switches reading on and off, so that the end of one reason can't undo another.
 *
 * <p>There is one read in a tick, so that every ready channel has its turn, into the buffer that {@code source} names at
 * that moment. This object is the channel's own setting and its handle in one, because there is one for each client.
 * Belongs to the channel's loop.
 *
 * @param <R> the reasons not to read from the channel, at most 32
 */
@SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is, but the transports ask for it
public final class LinkReads<R extends Enum<R>> implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {
    private final Channel channel;
    private Supplier<SharedBuffer> source;
    /** The reasons that stand against reading: for each one the bit of its ordinal. */
    private int pauses;

    private int attemptedBytes;
    private int lastBytes;

    public LinkReads(Channel channel, Supplier<SharedBuffer> source) {
        this.channel = channel;
        this.source = source;
    }

    public Channel channel() {
        return channel;
    }

    /** Stops reading from the channel for this reason. Has no effect while the reason stands already. */
    public void pause(R reason) {
        apply(pauses | bit(reason));
    }

    /** Takes a reason back; the channel is read from again if no other one stands. */
    public void resume(R reason) {
        apply(pauses & ~bit(reason));
    }

    /** Takes back all reasons. */
    public void resume() {
        apply(0);
    }

    /** True while any reason stands against reading. */
    public boolean isPaused() {
        return pauses != 0;
    }

    /** True while this reason stands against reading, alone or with others. */
    public boolean isPausedFor(R reason) {
        return (pauses & bit(reason)) != 0;
    }

    private int bit(R reason) {
        return 1 << reason.ordinal();
    }

    private void apply(int next) {
        assert channel.eventLoop().inEventLoop() : "belongs to the loop of its channel";
        boolean wasPaused = isPaused();
        pauses = next;
        if (isPaused() != wasPaused) {
            channel.config().setAutoRead(wasPaused);
        }
    }

    /** Names the buffer of each read from the next one on. */
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
