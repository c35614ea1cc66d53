package net.voltlane.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one or more writes: packets of the link itself, then numbered packets out of a {@link LogChunk}. Used again
 * and again by one writer. Filled under the lock of the {@link ServerOutbox}, then read by the writer without it.
 */
final class WriteBatch {
    /** The longest piece of a single write, so that progress is seen while a large packet goes out on a slow link. */
    private static final int PIECE_BYTES = Outbox.CHUNK_BYTES;

    /** Room for a Welcome, an Ack, a Ping and a Pong. */
    private static final int CONTROL_BYTES = 256;

    private final ByteBuffer control = ByteBuffer.allocate(CONTROL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer[] both = new ByteBuffer[2];
    private @Nullable LogChunk chunk;
    private int start;
    private int at;
    private int end;
    private long lastNumber;

    /** Empties this batch and returns the buffer for packets of the link. */
    ByteBuffer begin() {
        chunk = null;
        start = 0;
        at = 0;
        end = 0;
        return control.clear();
    }

    /** Completes this batch with the unwritten bytes of a chunk, if there is one. */
    void complete(@Nullable LogChunk unwritten) {
        control.flip();
        chunk = unwritten;
        if (unwritten != null) {
            start = unwritten.written();
            at = start;
            end = unwritten.filled();
            lastNumber = unwritten.lastNumber();
        }
    }

    @Nullable
    LogChunk chunk() {
        return chunk;
    }

    /** Returns the number of the last numbered packet. */
    long lastNumber() {
        return lastNumber;
    }

    boolean hasRemaining() {
        return control.hasRemaining() || at < end;
    }

    /** Writes a piece. Returns how many bytes of the chunk the socket has taken. */
    int write(FirehoseWriter writer) throws IOException {
        int controlBytes = control.remaining();
        LogChunk numbered = chunk;
        int taken;
        if (numbered == null || at == end) {
            taken = writer.write(control);
        } else {
            ByteBuffer piece = numbered.view(at, Math.min(end, at + PIECE_BYTES));
            if (controlBytes == 0) {
                taken = writer.write(piece);
            } else {
                both[0] = control;
                both[1] = piece;
                taken = writer.write(both);
            }
        }
        int ofChunk = taken - (controlBytes - control.remaining());
        at += ofChunk;
        return ofChunk;
    }

    /** Returns how many numbered packets the socket has taken whole. */
    int packetsWritten() {
        LogChunk numbered = chunk;
        return numbered == null ? 0 : numbered.framesBetween(start, at);
    }
}
