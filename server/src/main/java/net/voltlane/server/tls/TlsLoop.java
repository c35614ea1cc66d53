package net.voltlane.server.tls;

import io.netty.buffer.ByteBufAllocator;
import java.util.function.LongSupplier;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.link.SharedBuffer;
import net.voltlane.server.metrics.Counters;

/** The buffers and counters that all connections with TLS on one event loop share. Belongs to that loop. */
final class TlsLoop {
    /** More than one read brings, with an unfinished record before it, and with the room that engines insist on. */
    private static final int PLAIN_BYTES = 128 * 1024;
    /** A flight of a handshake, with a long chain of certificates. */
    private static final int SCRATCH_BYTES = 32 * 1024;

    final SharedBuffer plain;
    final SharedBuffer scratch;
    final Counters counters;
    /** Charged with unfinished records. */
    final MemoryAccount memory;
    /** Milliseconds since 1970. */
    final LongSupplier wallMillis;

    TlsLoop(ByteBufAllocator allocator, Counters counters, MemoryAccount memory, LongSupplier wallMillis) {
        plain = new SharedBuffer(allocator, PLAIN_BYTES);
        scratch = new SharedBuffer(allocator, SCRATCH_BYTES);
        this.counters = counters;
        this.memory = memory;
        this.wallMillis = wallMillis;
    }

    /** Frees the buffers; the loop has ended. */
    void release() {
        plain.release();
        scratch.release();
    }
}
