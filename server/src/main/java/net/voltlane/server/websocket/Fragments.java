package net.voltlane.server.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Limits;
import net.voltlane.server.link.MemoryAccount;
import org.jspecify.annotations.Nullable;

/**
 * The fragments of a message that has not ended, put together behind room for the length. The buffer grows with the
 * bytes that have come and never by a length that was announced. Belongs to the connection's loop, but for {@link
 * #heldBytes}.
 */
final class Fragments {
    /** The most that a client may send ahead in its handshake, as for input of other transports. */
    private static final int MAX_EARLY_BYTES = 64 * 1024;

    private static final int SMALLEST_BYTES = 64;

    private final ByteBufAllocator allocator;
    private final MemoryAccount account;
    private @Nullable ByteBuf message;
    private int maxBytes = Limits.MAX_HANDSHAKE_FRAME_BYTES;
    private boolean isLimited;
    /** Written on the loop only. */
    private volatile int heldBytes;

    Fragments(ByteBufAllocator allocator, MemoryAccount account) {
        this.allocator = allocator;
        this.account = account;
    }

    /** Sets the longest message from now on. */
    void limit(int bytes) {
        isLimited = true;
        maxBytes = bytes;
    }

    /** True between the first fragment of a message and its last. */
    boolean areUnderWay() {
        return message != null;
    }

    /** A message that is no fragment has begun: the first message was there, and more may be sent ahead. */
    void countWhole() {
        if (!isLimited) {
            maxBytes = MAX_EARLY_BYTES;
        }
    }

    /** Begins a fragment. Returns false if it makes the message longer than it may be. */
    boolean begin(long length) {
        ByteBuf so = message;
        int before = so == null ? 0 : so.readableBytes() - Frame.PREFIX_BYTES;
        if (length > maxBytes - before) {
            return false;
        }
        if (so == null) {
            message = allocator.directBuffer(SMALLEST_BYTES).writeZero(Frame.PREFIX_BYTES);
            charge();
        }
        return true;
    }

    /** Takes bytes of a fragment, and their mask off. */
    void add(ByteBuf from, int index, int length, int key) {
        ByteBuf to = message;
        assert to != null : "no fragment has begun";
        to.ensureWritable(length);
        Mask.copy(from, index, to, to.writerIndex(), length, key);
        to.writerIndex(to.writerIndex() + length);
        charge();
    }

    /** Returns the whole message, with its length before it, now the caller's. */
    ByteBuf take() {
        ByteBuf whole = message;
        assert whole != null : "no fragment has begun";
        whole.setIntLE(0, whole.readableBytes() - Frame.PREFIX_BYTES);
        message = null;
        charge();
        countWhole();
        return whole;
    }

    void drop() {
        if (message != null) {
            message.release();
            message = null;
            charge();
        }
    }

    /** Any thread. */
    int heldBytes() {
        return heldBytes;
    }

    private void charge() {
        int now = message == null ? 0 : message.capacity();
        int before = heldBytes;
        if (now != before) {
            account.charge(now - before);
            heldBytes = now;
        }
    }
}
