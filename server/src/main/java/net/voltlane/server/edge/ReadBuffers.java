package net.voltlane.server.edge;

import io.netty.buffer.ByteBufAllocator;
import java.util.function.Supplier;
import net.voltlane.server.link.SharedBuffer;

/**
 * The buffers that all connections of one loop read into. Their sizes bound how much a connection brings before the
 * server can decide not to read more. Belongs to its loop.
 */
final class ReadBuffers {
    /** For handshakes, and while clients are held back: data that is read then must be kept. */
    private static final int SMALL_BYTES = 512;
    /** For clients with a rate: the excess that a client can send at once. */
    private static final int PACED_BYTES = 2 * 1024;

    private final SharedBuffer full;
    private final SharedBuffer small;
    private final SharedBuffer paced;
    private final Supplier<SharedBuffer> forHandshakes;
    private final Supplier<SharedBuffer> forLinks;

    /** @param readBytes the size of one read of a client that sends much */
    ReadBuffers(ByteBufAllocator allocator, int readBytes, Backpressure backpressure, RateAndIdleLimiter limiter) {
        full = new SharedBuffer(allocator, readBytes);
        small = new SharedBuffer(allocator, SMALL_BYTES);
        paced = new SharedBuffer(allocator, PACED_BYTES);
        forHandshakes = () -> small;
        forLinks = () -> backpressure.isHeldBack() ? small : limiter.hasRates() ? paced : full;
    }

    /** The buffer for a connection's next read during its handshake. */
    Supplier<SharedBuffer> forHandshakes() {
        return forHandshakes;
    }

    /** The buffer for a live link's next read. */
    Supplier<SharedBuffer> forLinks() {
        return forLinks;
    }

    /** Frees the buffers; the loop has ended. */
    void release() {
        full.release();
        small.release();
        paced.release();
    }
}
