package net.voltlane.server.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Objects;
import net.voltlane.server.link.MemoryAccount;
import org.jspecify.annotations.Nullable;

/**
 * A record of which reads have brought only a part. It grows with what comes, since the length in its header is only a
 * claim: it holds at most about twice as much as has come. Its memory is charged. Belongs to the channel's loop, but for
 * {@link #heldBytes}.
 */
final class PartialRecord {
    private static final int LEAST_BYTES = 64;

    private final MemoryAccount memory;
    private @Nullable ByteBuf bytes;
    private volatile int charged;

    PartialRecord(MemoryAccount memory) {
        this.memory = memory;
    }

    boolean isEmpty() {
        return bytes == null;
    }

    /** The memory that it holds. Any thread. */
    int heldBytes() {
        return charged;
    }

    /**
     * Takes as much of the record as there is, and begins one if there is none. The rest of the buffer is less than a
     * record then.
     *
     * @return true if the record is whole
     */
    boolean fill(ByteBufAllocator allocator, ByteBuf in) throws Records.NotTlsException {
        ByteBuf begun = bytes == null ? allocator.directBuffer(LEAST_BYTES, Records.MAX_BYTES) : bytes;
        bytes = begun;
        int length = Records.length(begun, begun.readerIndex());
        if (length == 0) {
            take(begun, in, Records.HEADER_BYTES);
            length = Records.length(begun, begun.readerIndex());
        }
        if (length > 0) {
            take(begun, in, length);
        }
        charge(begun.capacity());
        return begun.readableBytes() == length;
    }

    private static void take(ByteBuf to, ByteBuf from, int length) {
        int coming = Math.min(from.readableBytes(), length - to.readableBytes());
        if (coming > to.writableBytes()) {
            to.capacity(Math.min(length, 2 * (to.readableBytes() + coming)));
        }
        to.writeBytes(from, coming);
    }

    /** Takes the whole record out. The caller releases it. */
    ByteBuf take() {
        ByteBuf whole = Objects.requireNonNull(bytes);
        bytes = null;
        charge(0);
        return whole;
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // written on one loop
    private void charge(int now) {
        memory.charge(now - charged);
        charged = now;
    }

    void release() {
        if (bytes != null) {
            take().release();
        }
    }
}
