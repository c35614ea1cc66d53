package net.voltlane.client;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import net.voltlane.client.SendStore.Ending;
import net.voltlane.client.SendStore.Packet;
import net.voltlane.client.SendStore.Unsettled;
import net.voltlane.protocol.QueueBounds;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of packets to be sent, with or without a link. Any thread adds packets, and the {@link Writer} takes
 * them. The {@link SendStore} says what is kept for how long; it belongs to the version of the protocol.
 *
 * <p>The state of the output:
 *
 * <pre>
 *            attach          next            failed
 *  DETACHED --------> IDLE --------> WRITING --------> FAILED
 *     ^                |  <--------                      |
 *     |                |     next                        |
 *     +--- detach -----+------------- detach ------------+
 * </pre>
 *
 * Thread-safe, by one lock.
 */
final class SendQueue {
    /** The writer's use of the link. */
    private enum Output {
        /** There is no link. */
        DETACHED,
        /** There is a link, and no batch is being written to it. */
        IDLE,
        /** A batch is being written to the link. */
        WRITING,
        /** A write has failed; the supervisor's thread will find out by itself that the link is dead. */
        FAILED
    }

    private final QueueBounds bounds;
    private final SendPolicy policy;
    private final Time time;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition work = lock.newCondition();
    private final Condition outputChanged = lock.newCondition();

    // These fields are guarded by the lock.
    private SendStore store;
    private @Nullable Link link;
    private Output output = Output.DETACHED;
    /** The reason why no more packets are accepted; null while they are. */
    private @Nullable ClientException refusal;

    private Ending ending = Ending.SHUT;
    /** True if the writer's thread has to end. */
    private boolean ended;

    private long discarded;
    /** True if the writer has to send what the link's layers have, and no packets. */
    private boolean controlOnly;

    /** Creates a queue for a session of version 2. */
    SendQueue(QueueBounds bounds, SendPolicy policy) {
        this(bounds, policy, new Version2Sends(), Time.SYSTEM);
    }

    /** @param time of the store's waits */
    SendQueue(QueueBounds bounds, SendPolicy policy, SendStore store, Time time) {
        this.bounds = bounds;
        this.policy = policy;
        this.store = store;
        this.time = time;
    }

    // ---- for threads that send

    /**
     * Adds a packet.
     *
     * @param frame the packet as a frame of version 2
     * @param mayWait false if the calling thread must not wait, as it runs in a callback
     */
    void add(byte[] frame, boolean mayWait) throws ClientException, SendQueueFullException, InterruptedException {
        add(new Packet(frame, null), mayWait);
    }

    /** As {@link #add(byte[], boolean)}, for a packet whose sender may hold a future. */
    void add(Packet packet, boolean mayWait) throws ClientException, SendQueueFullException, InterruptedException {
        List<Packet> dropped = null;
        lock.lock();
        try {
            throwIfRefused(packet);
            while (!bounds.admits(store.packets(), store.bytes(), packet.payloadBytes())) {
                if (policy == SendPolicy.DROP_OLDEST) {
                    Packet oldest = store.dropOldest();
                    if (oldest == null) {
                        break; // All the others have been sent before. This one waits until some are acknowledged.
                    }
                    dropped = dropped == null ? new ArrayList<>() : dropped;
                    dropped.add(oldest);
                    discarded++;
                } else if (policy == SendPolicy.WAIT && mayWait) {
                    room.await();
                    throwIfRefused(packet); // the session may be another by now
                } else {
                    throw new SendQueueFullException(
                            store.packets() + " packets of " + store.bytes() + " bytes are waiting to be sent (limits: "
                                    + bounds.packets() + " packets, " + bounds.bytes() + " bytes)");
                }
            }
            store.add(packet);
            work.signal();
        } finally {
            lock.unlock();
        }
        if (dropped != null) {
            dropped.forEach(it -> new Unsettled(it, PacketFate.NOT_SENT).fail(null));
        }
    }

    /** Returns the number of accepted packets that were discarded so far. */
    long discarded() {
        lock.lock();
        try {
            return discarded;
        } finally {
            lock.unlock();
        }
    }

    private void throwIfRefused(Packet packet) throws ClientException {
        if (refusal != null) {
            throw refusal.copy();
        }
        if (packet.acknowledged() != null && !store.acknowledges()) {
            throw new IllegalStateException("the session is of version 2, which has no acknowledgements");
        }
    }

    // ---- for the writer

    /**
     * Waits for work and fills {@code batch} with it, ready to be read. The batch before counts as written.
     *
     * @return the link to write the batch to, or to shut if the batch is empty and {@link #isControlOnly} is false; null
     *     when the writer has to end
     */
    @Nullable
    Link next(ByteBuffer batch) {
        lock.lock();
        try {
            if (output == Output.WRITING) {
                become(Output.IDLE);
            }
            while (!ended && !hasWork()) {
                awaitWork();
            }
            if (ended) {
                return null;
            }
            batch.clear();
            if (!controlOnly) {
                store.fill(batch, now());
            }
            batch.flip();
            room.signalAll();
            become(Output.WRITING);
            return link;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasWork() {
        controlOnly = output == Output.IDLE && !store.hasWork(now());
        return output == Output.IDLE && (!controlOnly || link != null && link.hasControl());
    }

    /** Tells whether the last batch is empty because only the link itself has something to send. For the writer. */
    boolean isControlOnly() {
        return controlOnly;
    }

    private long now() {
        return store.isTimed() ? time.nowNanos() : 0;
    }

    @SuppressWarnings("WaitNotInLoop") // its caller looks for work in a loop
    private void awaitWork() {
        long nanos = output == Output.IDLE ? store.untilWorkNanos(now()) : SendStore.NEVER;
        if (nanos == SendStore.NEVER) {
            work.awaitUninterruptibly();
            return;
        }
        try {
            time.await(work, nanos);
        } catch (InterruptedException e) {
            // The thread may come from a pool of the program's. An interrupt has no meaning here: the wait ends early.
        }
    }

    /** Called when the kernel has taken so many more bytes of the batch. */
    void written(int bytes) {
        lock.lock();
        try {
            store.written(bytes);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Called when a write has failed. Waits until the link is {@linkplain #detach detached}: its reader also sees the
     * end of the link, and may first read packets that came before it.
     *
     * @return false if that takes longer than {@code nanos}
     */
    boolean failed(long nanos) {
        lock.lock();
        try {
            if (output == Output.WRITING) {
                become(Output.FAILED);
            }
            long left = nanos;
            while (output == Output.FAILED && left > 0) {
                left = outputChanged.awaitNanos(left);
            }
            return output != Output.FAILED;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    // ---- for the supervisor's thread

    /** Gives the queue a link, on which the packets that wait go out. */
    void attach(Link to) {
        lock.lock();
        try {
            assert output == Output.DETACHED : output;
            link = to;
            become(Output.IDLE);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the link away, after it was closed. When this returns, the writer does not use the link any more, and the
     * packets that have to be sent again wait again.
     */
    void detach() {
        lock.lock();
        try {
            while (output == Output.WRITING) {
                outputChanged.awaitUninterruptibly();
            }
            link = null;
            become(Output.DETACHED);
            store.detached();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes what the store keeps, under the queue's lock, and wakes the threads that wait for room or for work.
     *
     * @return what {@code change} returned
     */
    <T> T change(Supplier<T> change) {
        lock.lock();
        try {
            T result = change.get();
            room.signalAll();
            work.signal();
            return result;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes what the store keeps, for an acknowledgement. It comes with nearly every packet, so it wakes the writer only
     * if there is something that may go out because of it.
     *
     * @return what {@code change} returned
     */
    <T> T acknowledge(Supplier<T> change) {
        lock.lock();
        try {
            T result = change.get();
            room.signalAll();
            if (refusal != null || store.mayFill()) {
                work.signal();
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the writer, if it waits. */
    void wakeWriter() {
        lock.lock();
        try {
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Replaces the store, for a new session. The packets that wait go to the new store. Call it only while detached.
     *
     * @return the packets that wait, oldest first
     */
    List<Packet> replaceStore(SendStore next) {
        return change(() -> {
            assert output == Output.DETACHED : output;
            List<Packet> waiting = store.handOver();
            store = next;
            waiting.forEach(next::add);
            if (refusal != null) {
                next.finish(ending);
            }
            return waiting;
        });
    }

    /** Discards all packets, as their session is gone, and returns their number. Call it only while detached. */
    int clear(ClientException why) {
        assert output == Output.DETACHED : output;
        return discard(() -> store.clear(), why);
    }

    /** Finishes without the end of the session. */
    void finish(ClientException why) {
        finish(why, Ending.SHUT);
    }

    /**
     * Accepts no more packets. Those that wait still go out if there is a link, and {@code how} after them. Only the
     * first call counts.
     */
    void finish(ClientException why, Ending how) {
        lock.lock();
        try {
            if (refusal == null) {
                refusal = why;
                ending = how;
                store.finish(how);
            }
            room.signalAll();
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the queue and the writer. Discards all packets, and returns their number. */
    int end(ClientException why) {
        finish(why);
        lock.lock();
        try {
            ended = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        return discard(() -> store.giveUp(), why);
    }

    private int discard(Supplier<List<Unsettled>> what, ClientException why) {
        List<Unsettled> forgotten = change(() -> {
            List<Unsettled> all = what.get();
            discarded += all.size();
            return all;
        });
        forgotten.forEach(packet -> packet.fail(why));
        return forgotten.size();
    }

    private void become(Output next) {
        output = next;
        assert (link == null) == (next == Output.DETACHED) : next;
        outputChanged.signalAll();
    }
}
