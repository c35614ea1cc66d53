package net.voltlane.server.edge;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

/** Has no memory when a test says so. */
final class FailingAllocator extends AbstractByteBufAllocator {
    private final UnpooledByteBufAllocator real = UnpooledByteBufAllocator.DEFAULT;
    private boolean fails;

    /** The next buffer that is asked for is not there. */
    void failsNext() {
        fails = true;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return real.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        if (fails) {
            fails = false;
            throw new OutOfMemoryError("the test has taken it all");
        }
        return real.directBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }
}
