package net.voltlane.store.file;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.voltlane.server.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for the worker, in their order, and those that it has in hand. Any thread; the lock is held for
 * moments only, and never while a call is answered.
 */
final class Calls {
    /** The memory that waiting calls may take together, roughly. One call alone may take more. */
    static final long MAX_WAITING_BYTES = 64 << 20;
    /** The memory that a batch may take. H2 writes a batch at once, some ten times as large, from a buffer outside of the heap. */
    static final long MAX_BATCH_BYTES = 512 << 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final Condition closed = lock.newCondition();
    private final Deque<Call<?>> waiting = new ArrayDeque<>();
    private List<Call<?>> inHand = List.of();
    private long waitingBytes;
    private @Nullable StoreException closedBy;

    /** Adds a call, or fails it. */
    void add(Call<?> call) {
        StoreException refused;
        lock.lock();
        try {
            refused = closedBy;
            if (refused == null && waitingBytes > 0 && waitingBytes + call.weightBytes() > MAX_WAITING_BYTES) {
                refused = new StoreException(
                        "the store has more to do than it can (calls of " + waitingBytes + " bytes wait)");
            }
            if (refused == null) {
                waitingBytes += call.weightBytes();
                waiting.add(call);
                added.signal();
            }
        } finally {
            lock.unlock();
        }
        if (refused != null) {
            call.fail(refused);
        }
    }

    /** Takes the next batch, which may be empty: after {@code withinNanos}, or when {@link #close} was called. */
    List<Call<?>> take(long withinNanos) {
        lock.lock();
        try {
            long left = withinNanos;
            while (waiting.isEmpty() && closedBy == null && left > 0) {
                left = added.awaitNanos(left);
            }
            List<Call<?>> batch = new ArrayList<>();
            long bytes = 0;
            while (!waiting.isEmpty() && bytes < MAX_BATCH_BYTES) {
                Call<?> call = waiting.remove();
                bytes += call.weightBytes();
                if (!call.isAnswered()) {
                    batch.add(call);
                }
            }
            waitingBytes -= bytes;
            inHand = batch;
            return batch;
        } catch (InterruptedException e) {
            // Nobody has a reason to interrupt the worker, and an interrupt would close the file under it.
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    /** Lets no more calls in. Those that wait can still be taken. */
    void close(StoreException why) {
        lock.lock();
        try {
            closedBy = why;
            added.signalAll();
            closed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closedBy != null;
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Fails all calls that wait or are in hand. */
    void failAll(StoreException why) {
        fail(call -> true, why);
    }

    /** Fails the calls that wait or are in hand for so long already. */
    void failOlderThan(long nanos, long nowNanos, StoreException why) {
        fail(call -> call.isOlderThan(nanos, nowNanos), why);
    }

    private void fail(Predicate<Call<?>> which, StoreException why) {
        List<Call<?>> failed;
        lock.lock();
        try {
            failed = Stream.concat(inHand.stream(), waiting.stream())
                    .takeWhile(which)
                    .toList();
        } finally {
            lock.unlock();
        }
        failed.forEach(call -> call.fail(why));
    }

    /** Waits, without taking anything. Ends early when {@link #close} is called. */
    void pause(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (closedBy == null && left > 0) {
                left = closed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // as in take
        } finally {
            lock.unlock();
        }
    }
}
