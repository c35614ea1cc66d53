package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One way from one loop to another (which may be the same): an ordered queue of frames and events. What is put in during
 * one tick goes over as ONE task, so that a hand-over costs the same for one packet as for thousands. There is no other
 * way between the two loops: an event that travelled apart would overtake data.
 *
 * <p>All methods belong to the {@code from} loop; receivers and events run on the {@code to} loop.
 */
public final class Lane {
    private static final Logger log = LoggerFactory.getLogger(Lane.class);

    /** A batch as large as this does not wait for the end of the tick. */
    private static final int LARGE_BATCH_BYTES = 256 * 1024;
    /** Bytes that may be on their way between two different loops before the sender has to wait. */
    private static final long BOUND_BYTES = 4 * 1024 * 1024;

    /** Where frames go to. */
    public interface Receiver {
        /** Takes whole frames, and the ownership of their buffer. Called on the {@code to} loop. */
        void frames(ByteBuf frames);
    }

    private final EventExecutor from;
    private final EventExecutor to;
    private final ByteBufAllocator allocator;
    private final Runnable afterBatch;
    private final Runnable onRoom;
    private final Runnable postTask = this::post;

    private @Nullable Batch open;
    private int sequence;

    private final AtomicReference<@Nullable Batch> spare = new AtomicReference<>();
    private final AtomicLong bytesUnderWay = new AtomicLong();
    private volatile boolean waitingForRoom;

    /**
     * @param afterBatch runs on {@code to} after each batch: the place to flush what the batch brought
     * @param onRoom runs on {@code from} once {@link #isFull} has said true and there is room again
     */
    public Lane(
            EventExecutor from, EventExecutor to, ByteBufAllocator allocator, Runnable afterBatch, Runnable onRoom) {
        this.from = from;
        this.to = to;
        this.allocator = allocator;
        this.afterBatch = afterBatch;
        this.onRoom = onRoom;
    }

    /** Puts whole frames in, and hands their buffer over. */
    public void frames(Receiver receiver, ByteBuf frames) {
        openBatch().add(receiver, frames);
    }

    /** Puts an event in, behind all that was put in before. */
    public void event(Runnable event) {
        openBatch().add(null, event);
    }

    /**
     * True while the other loop is behind with more than the bound. The caller then stops reading until {@code onRoom};
     * that waits for a loop of our own, never for a peer.
     */
    public boolean isFull() {
        if (from == to || bytesUnderWay.get() + openBytes() <= BOUND_BYTES) {
            return false;
        }
        waitingForRoom = true;
        // Looked at again: the other side may have caught up before it could see the flag.
        return bytesUnderWay.get() > BOUND_BYTES / 2 || openBytes() > BOUND_BYTES / 2;
    }

    /**
     * Sends a large batch on its way at once, for a tick that reads from many links. Only for a handler that reads from a
     * socket: what the batch brings may run right here.
     */
    public void postIfLarge() {
        if (openBytes() >= LARGE_BATCH_BYTES) {
            post();
        }
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    /** Changes with every batch: what was put in under another number can't be appended to any more. */
    int sequence() {
        return sequence;
    }

    /** Says that a buffer put in before has grown by so much. */
    void grew(int bytes) {
        openBatch().bytes += bytes;
    }

    private int openBytes() {
        Batch batch = open;
        return batch == null ? 0 : batch.bytes;
    }

    private Batch openBatch() {
        assert from.inEventLoop() : "a lane belongs to the loop that it starts from";
        Batch batch = open;
        if (batch == null) {
            batch = spare.getAndSet(null);
            if (batch == null) {
                batch = new Batch();
            }
            open = batch;
            from.execute(postTask); // runs once this tick's reads are done
        }
        return batch;
    }

    private void post() {
        Batch batch = open;
        if (batch == null) {
            return; // posted before the end of the tick
        }
        open = null;
        sequence++;
        if (from == to) {
            batch.run();
        } else {
            bytesUnderWay.addAndGet(batch.bytes);
            to.execute(batch);
        }
    }

    private void handedOver(Batch batch) {
        int bytes = batch.bytes;
        batch.clear();
        spare.lazySet(batch);
        if (from != to && bytesUnderWay.addAndGet(-bytes) <= BOUND_BYTES / 2 && waitingForRoom) {
            waitingForRoom = false;
            from.execute(onRoom);
        }
    }

    /** What goes over as one task: pairs of receiver and frames, or null and event, in order. */
    private final class Batch implements Runnable {
        /** A batch that grew beyond this is not kept for reuse at that size. */
        private static final int KEPT_ENTRIES = 16 * 1024;

        private @Nullable Object[] entries = new Object[32];
        private int size;
        private int bytes;

        void add(@Nullable Receiver receiver, Object what) {
            if (size == entries.length) {
                entries = Arrays.copyOf(entries, size * 2);
            }
            entries[size++] = receiver;
            entries[size++] = what;
            if (what instanceof ByteBuf frames) {
                bytes += frames.readableBytes();
            }
        }

        @Override
        public void run() {
            for (int i = 0; i < size; i += 2) {
                try {
                    Receiver receiver = (Receiver) entries[i];
                    if (receiver != null) {
                        receiver.frames((ByteBuf) entries[i + 1]);
                    } else {
                        ((Runnable) entries[i + 1]).run();
                    }
                } catch (Throwable ours) {
                    // An error of ours about one link must not take the rest of the batch, which is other links',
                    // along.
                    log.error("internal error; one link may be stuck", ours);
                }
            }
            handedOver(this);
            afterBatch.run();
        }

        void clear() {
            if (entries.length > KEPT_ENTRIES) {
                entries = new Object[32];
            } else {
                Arrays.fill(entries, 0, size, null);
            }
            size = 0;
            bytes = 0;
        }
    }
}
