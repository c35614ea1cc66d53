package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import net.voltlane.server.log.LogEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An ordered queue of frames and events from one loop to another, or to the same. All that is put in during a tick goes
 * over as one task, so that a hand-over costs the same for one packet as for thousands. There is no other way between
 * the two loops: an event that travelled apart would overtake data.
 *
 * <p>Small frames of all receivers are copied behind one another into one buffer that serves batch after batch, and the
 * batch knows which stretch of it is whose: a buffer per receiver and tick would cost more, in cache misses above all,
 * than the copying. Frames that come one after the other for the same receiver are one stretch. Large frames travel as
 * they are.
 *
 * <p>All methods belong to the {@code from} loop; receivers and events run on the {@code to} loop.
 */
public final class LoopQueue {
    private static final Logger log = LoggerFactory.getLogger(LoopQueue.class);

    /** The size of a payload from which on a slice costs less than a copy. */
    public static final int SLICE_BYTES = 4 * 1024;
    /**
     * The size of the buffer that small frames are packed into. A whole batch fits, so that the frames of a receiver do
     * not lie in two places: they would have to be gathered into one write, which leaves garbage behind.
     */
    static final int PART_BYTES = 512 * 1024;
    /** The size of a batch that does not wait for the end of the tick. Another read, tagged, still fits into a part. */
    private static final int LARGE_BATCH_BYTES = 256 * 1024;
    /** The bound of what is on its way between two different loops: a sender above it waits. */
    static final long BOUND_BYTES = 4 * 1024 * 1024;

    /** The destination of frames. */
    public interface Receiver {
        /**
         * Takes whole frames: {@code length} bytes from {@code index} on. Called on the {@code to} loop. The buffer is
         * the loop queue's, and its content stays as it is until {@code afterBatch} has run. A receiver that keeps it
         * for longer retains it.
         */
        void frames(ByteBuf buf, int index, int length);
    }

    /** The destination of a number that travels without an object of its own. It is no {@link Runnable}. */
    public interface Signal {
        /** Takes the number, on the {@code to} loop. */
        void signal(long value);
    }

    private final EventExecutor from;
    private final EventExecutor to;
    private final ByteBufAllocator allocator;
    private final SharedBuffer parts;
    private final Runnable afterBatch;
    private final Runnable onRoom;
    private final Runnable postTask = this::post;

    private @Nullable Batch open;

    private final AtomicReference<@Nullable Batch> spare = new AtomicReference<>();
    /** Another one: acknowledgements cross in a batch of their own behind the data that they came with. */
    private final AtomicReference<@Nullable Batch> secondSpare = new AtomicReference<>();

    private final AtomicLong bytesUnderWay = new AtomicLong();
    /** Set by the sender, cleared by whichever side tells. */
    private final AtomicBoolean awaitsRoom = new AtomicBoolean();

    /**
     * @param afterBatch runs on {@code to} after each batch: the place to flush what the batch brought
     * @param onRoom runs on {@code from} after {@link #awaitRoom}, once there is room again
     */
    public LoopQueue(
            EventExecutor from, EventExecutor to, ByteBufAllocator allocator, Runnable afterBatch, Runnable onRoom) {
        this.from = from;
        this.to = to;
        this.allocator = allocator;
        this.afterBatch = afterBatch;
        this.onRoom = onRoom;
        parts = new SharedBuffer(allocator, PART_BYTES);
    }

    /**
     * The buffer to write the next {@code bytes} bytes of whole frames to; the caller writes exactly as many, at once.
     */
    public ByteBuf room(Receiver receiver, int bytes) {
        return openBatch().room(receiver, bytes);
    }

    /** Puts whole frames in as they are. The queue takes their buffer over. */
    public void pass(Receiver receiver, ByteBuf frames) {
        openBatch().pass(receiver, frames);
    }

    /** Puts an event in, behind all that was put in before. */
    public void event(Runnable event) {
        openBatch().event(event);
    }

    /** Puts a number in, behind all that was put in before. Leaves no garbage. */
    public void signal(Signal target, long value) {
        openBatch().signal(target, value);
    }

    /**
     * True while more than the bound is on its way to the other loop. The caller then stops reading, and calls {@link
     * #awaitRoom}. So a sender waits for a loop of our own, never for a peer.
     */
    public boolean isFull() {
        assert from.inEventLoop() : "belongs to the loop that it starts from";
        return from != to && bytesUnderWay.get() + openBytes() > BOUND_BYTES;
    }

    /**
     * Has {@code onRoom} run once when no more than half the bound is on its way; soon, if that is so already. Further
     * calls until then change nothing.
     */
    public void awaitRoom() {
        assert from.inEventLoop() : "belongs to the loop that it starts from";
        awaitsRoom.set(true);
        // Looked at after the flag was set: the other loop may have taken its last batch before it could see the flag.
        if (from == to || bytesUnderWay.get() + openBytes() <= BOUND_BYTES / 2) {
            tellOfRoom();
        }
    }

    private void tellOfRoom() {
        if (awaitsRoom.compareAndSet(true, false)) {
            from.execute(onRoom);
        }
    }

    /** Bytes of the batches that were posted and have not arrived. Any thread. */
    long bytesUnderWay() {
        return bytesUnderWay.get();
    }

    /**
     * Sends a large batch on its way at once, for a tick that reads from many links. Only for a handler that reads from
     * a socket: the batch's receivers may run right here.
     */
    public void postIfLarge() {
        assert from.inEventLoop() : "belongs to the loop that it starts from";
        if (openBytes() >= LARGE_BATCH_BYTES) {
            post();
        }
    }

    /** Frees the buffer that is kept for the next batch. Both loops have ended. */
    public void release() {
        parts.release();
    }

    private int openBytes() {
        Batch batch = open;
        return batch == null ? 0 : batch.bytes;
    }

    private Batch openBatch() {
        assert from.inEventLoop() : "belongs to the loop that it starts from";
        Batch batch = open;
        if (batch == null) {
            batch = spare.getAndSet(null);
            if (batch == null) {
                batch = secondSpare.getAndSet(null);
            }
            if (batch == null) {
                batch = new Batch();
            }
            open = batch;
            from.execute(postTask); // runs once this tick's reads are done
        }
        return batch;
    }

    private void post() {
        assert from.inEventLoop() : "belongs to the loop that it starts from";
        Batch batch = open;
        if (batch == null) {
            return; // posted before the end of the tick
        }
        open = null;
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
        (spare.get() == null ? spare : secondSpare).lazySet(batch);
        if (from != to && bytesUnderWay.addAndGet(-bytes) <= BOUND_BYTES / 2 && awaitsRoom.get()) {
            tellOfRoom();
        }
    }

    /**
     * The entries that go over as one task, in order. An entry is an event, a receiver with a stretch of a buffer, or a
     * signal with its number, whose halves take the place of the stretch. The parts of entries lie in arrays of their own,
     * because an object for each entry would be garbage for each packet.
     */
    private final class Batch implements Runnable {
        /** The largest number of entries that a batch keeps room for when it is used again. */
        private static final int KEPT_ENTRIES = 8 * 1024;

        private static final int FIRST_ENTRIES = 16;

        private @Nullable Object[] targets = new Object[FIRST_ENTRIES];
        private @Nullable ByteBuf[] bufs = new ByteBuf[FIRST_ENTRIES];
        private int[] starts = new int[FIRST_ENTRIES];
        private int[] ends = new int[FIRST_ENTRIES];
        private int size;
        private int bytes;
        /** The buffers of the stretches, freed with the batch. */
        private final ArrayList<ByteBuf> held = new ArrayList<>();
        /** The last of these buffers, if more may be packed into it. */
        private @Nullable ByteBuf part;

        ByteBuf room(Receiver receiver, int length) {
            ByteBuf current = part;
            if (current == null || current.writableBytes() < length) {
                current = length <= PART_BYTES ? parts.take() : allocator.directBuffer(length);
                held.add(current);
                part = current;
            }
            int start = current.writerIndex();
            int last = size - 1;
            if (last >= 0 && targets[last] == receiver && bufs[last] == current && ends[last] == start) {
                ends[last] = start + length;
            } else {
                add(receiver, current, start, start + length);
            }
            bytes += length;
            return current;
        }

        void pass(Receiver receiver, ByteBuf frames) {
            held.add(frames);
            add(receiver, frames, frames.readerIndex(), frames.writerIndex());
            bytes += frames.readableBytes();
        }

        void event(Runnable event) {
            add(event, null, 0, 0);
        }

        void signal(Signal target, long value) {
            assert !(target instanceof Runnable) : "would be taken for an event";
            add(target, null, (int) (value >>> 32), (int) value);
        }

        private void add(Object target, @Nullable ByteBuf buf, int start, int end) {
            int at = size++;
            if (at == targets.length) {
                grow();
            }
            targets[at] = target;
            bufs[at] = buf;
            starts[at] = start;
            ends[at] = end;
        }

        private void grow() {
            int more = 2 * targets.length;
            targets = Arrays.copyOf(targets, more);
            bufs = Arrays.copyOf(bufs, more);
            starts = Arrays.copyOf(starts, more);
            ends = Arrays.copyOf(ends, more);
        }

        @Override
        public void run() {
            assert to.inEventLoop() : "arrives on the loop that it leads to";
            for (int i = 0; i < size; i++) {
                try {
                    ByteBuf buf = bufs[i];
                    if (buf != null) {
                        ((Receiver) targets[i]).frames(buf, starts[i], ends[i] - starts[i]);
                    } else if (targets[i] instanceof Runnable event) {
                        event.run();
                    } else {
                        ((Signal) targets[i]).signal((long) starts[i] << 32 | Integer.toUnsignedLong(ends[i]));
                    }
                } catch (Throwable ours) {
                    // One link's error must not cost other links their part of the batch.
                    LogEvent.INTERNAL_ERROR
                            .on(log)
                            .setCause(ours)
                            .log("Internal error, please report it: one client's link may be stuck");
                }
            }
            try {
                afterBatch.run();
            } finally {
                handedOver(this);
            }
        }

        void clear() {
            if (targets.length > KEPT_ENTRIES) {
                targets = new Object[FIRST_ENTRIES];
                bufs = new ByteBuf[FIRST_ENTRIES];
                starts = new int[FIRST_ENTRIES];
                ends = new int[FIRST_ENTRIES];
            } else {
                Arrays.fill(targets, 0, size, null);
                Arrays.fill(bufs, 0, size, null);
            }
            for (int i = 0; i < held.size(); i++) {
                held.get(i).release();
            }
            held.clear();
            part = null;
            size = 0;
            bytes = 0;
        }
    }
}
