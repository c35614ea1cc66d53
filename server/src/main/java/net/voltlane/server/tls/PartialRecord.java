package net.voltlane.server.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Objects;
import net.voltlane.server.link.MemoryAccount;
import org.jspecify.annotations.Nullable;

/**
 * A record of which a read brought only a part. It holds as much as has come, and grows to the record's length once that
 * is known. Its memory is charged. Belongs to the channel's loop.
 */
final class PartialRecord {
    private final MemoryAccount memory;
    private @Nullable ByteBuf bytes;
    private int charged;

    PartialRecord(MemoryAccount memory) {
        this.memory = memory;
    }

    boolean isEmpty() {
        return bytes == null;
    }

    /** Takes the rest of a buffer, which is less than a record. */
    void begin(ByteBufAllocator allocator, ByteBuf in) throws Records.NotTlsException {
        int length = Records.length(in, in.readerIndex());
        ByteBuf begun = allocator.directBuffer(length == 0 ? Records.HEADER_BYTES : length);
        begun.writeBytes(in);
        hold(begun);
    }

    /** Takes as much of the record as there is; true if it is whole. */
    boolean fill(ByteBuf in) throws Records.NotTlsException {
        ByteBuf begun = Objects.requireNonNull(bytes);
        int length = Records.length(begun, begun.readerIndex());
        if (length == 0) {
            take(begun, in, Records.HEADER_BYTES);
            length = Records.length(begun, begun.readerIndex());
            if (length == 0) {
                return false;
            }
            begun.ensureWritable(length - begun.readableBytes());
            hold(begun);
        }
        take(begun, in, length);
        return begun.readableBytes() == length;
    }

    private static void take(ByteBuf to, ByteBuf from, int length) {
        to.writeBytes(from, Math.min(from.readableBytes(), length - to.readableBytes()));
    }

    /** Takes the whole record out. The caller releases it. */
    ByteBuf take() {
        ByteBuf whole = Objects.requireNonNull(bytes);
        bytes = null;
        charge(0);
        return whole;
    }

    private void hold(ByteBuf held) {
        bytes = held;
        charge(held.capacity());
    }

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
