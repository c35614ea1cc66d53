package net.voltlane.backend;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import net.voltlane.protocol.firehose3.Ping;
import net.voltlane.protocol.firehose3.Welcome;
import org.jspecify.annotations.Nullable;

/**
 * The writer's side of a {@link ServerOutbox}: what is written to the current link, and when.
 *
 * <p>Thread-safe, by the outbox's lock. It is never held around a socket operation. As in an {@link Outbox}, the writer
 * waits for a moment for the end of a burst, so that the answers go out together, and an Ack with them. An Ack that has
 * nothing to ride with waits for at most {@value #ACK_MILLIS} ms.
 */
final class LinkOutput {
    private static final long ACK_MILLIS = 50;
    private static final long ACK_NANOS = TimeUnit.MILLISECONDS.toNanos(ACK_MILLIS);

    private final ReentrantLock lock;
    private final SendLog log;
    private final LongSupplier nanoClock;
    private final LongSupplier received;

    // These fields are guarded by the lock.
    private final LinkPackets linkPackets = new LinkPackets();

    private final AckBarrier barrier = new AckBarrier();
    private final WriterPace pace;

    /** The link that is written to; null while there is none. */
    private @Nullable Version3 link;

    private boolean finishing;
    /** The time at which the writer began with what it wrote last. */
    private long beganNanos;

    private long progressNanos;
    /** The number of the last packet that was written to this link as a whole. */
    private long written;

    /**
     * @param lock the outbox's lock
     * @param log the outbox's packets
     * @param chunkBytes so many bytes are worth a write of their own
     * @param received returns the number of packets that were taken over from the server
     */
    LinkOutput(ReentrantLock lock, SendLog log, int chunkBytes, LongSupplier nanoClock, LongSupplier received) {
        this.lock = lock;
        this.log = log;
        this.nanoClock = nanoClock;
        this.received = received;
        pace = new WriterPace(lock, chunkBytes);
    }

    // ---- for the outbox, under the lock

    @Nullable
    Version3 link() {
        return link;
    }

    boolean isFinishing() {
        return finishing;
    }

    /**
     * Tells whether the calling thread may send. When the backend closes, only a handler call may that has begun before:
     * its packet counts as taken over, so the answer must not be lost.
     */
    boolean isOpen() {
        assert lock.isHeldByCurrentThread();
        return !finishing || pace.isBursting() && FirehoseReader.ofThisThread() != null;
    }

    /**
     * Begins to write to a link, where an older one has ended.
     *
     * @param receivedByServer the number of packets that need not be written again
     * @return the number of packets that are written again
     */
    long attach(Version3 next, Welcome welcome, long receivedByServer) {
        assert lock.isHeldByCurrentThread() && link == null;
        link = next;
        linkPackets.begin(welcome);
        progresses();
        beganNanos = progressNanos;
        written = receivedByServer;
        return log.resume(receivedByServer);
    }

    /** Returns false if another link is written to. */
    boolean detach(Version3 lost) {
        assert lock.isHeldByCurrentThread();
        if (link != lost) {
            return false;
        }
        link = null;
        pace.wake();
        return true;
    }

    /** Lets the writer end when all is written and acknowledged, in both directions. */
    void finish() {
        assert lock.isHeldByCurrentThread();
        finishing = true;
        pace.wake();
    }

    /** Called when a packet was appended to the log. */
    void added() {
        assert lock.isHeldByCurrentThread();
        if (log.packets() == 1) {
            progresses();
        }
        pace.added(log.unwrittenBytes());
    }

    /** Called when an answer was appended to the log that has to be written before the packet that it answers is acknowledged. */
    void addedBeforeAck() {
        barrier.add(received.getAsLong(), log.appended());
    }

    /**
     * Returns how many packets may be acknowledged in the Welcome of the next link.
     *
     * @param receivedByServer the number of packets that the server has received
     */
    long acknowledgeable(long receivedByServer) {
        return barrier.admits(received.getAsLong(), receivedByServer);
    }

    /** Returns how many packets may be acknowledged now. Not while the writer writes what it has taken. */
    private long acknowledgeable() {
        return barrier.admits(received.getAsLong(), written);
    }

    /** Begins to count anew. */
    void beginAnew() {
        barrier.clear();
        written = 0;
    }

    /** Called when the server has acknowledged packets. */
    void acknowledged() {
        assert lock.isHeldByCurrentThread();
        progresses();
        if (finishing) {
            pace.wake();
        }
    }

    private void progresses() {
        progressNanos = nanoClock.getAsLong();
    }

    // ---- for the reader

    /** Returns false if its packets must not be handled any more, as the writer may have ended. */
    boolean beginBurst() {
        lock.lock();
        try {
            if (finishing) {
                return false;
            }
            pace.beginBurst();
            return true;
        } finally {
            lock.unlock();
        }
    }

    void endBurst() {
        lock.lock();
        try {
            pace.endBurst();
            if (finishing) {
                pace.wake();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes an Ack due, as enough was taken over. */
    void acknowledge() {
        lock.lock();
        try {
            linkPackets.acknowledge(acknowledgeable());
            pace.added(log.unwrittenBytes());
        } finally {
            lock.unlock();
        }
    }

    void answer(Ping ping) {
        lock.lock();
        try {
            linkPackets.answer(ping);
            pace.added(log.unwrittenBytes());
        } finally {
            lock.unlock();
        }
    }

    // ---- for the writer

    /** Waits for something to write. Returns false when there will be nothing more on this link. */
    boolean take(Version3 of, WriteBatch batch) throws InterruptedException {
        lock.lock();
        try {
            if (!awaitWork(of)) {
                return false;
            }
            pace.linger(log.unwrittenBytes());
            if (link != of) {
                return false;
            }
            linkPackets.put(batch.begin(), acknowledgeable());
            batch.complete(log.take());
            beganNanos = nanoClock.getAsLong();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitWork(Version3 of) throws InterruptedException {
        boolean rested = false;
        while (link == of) {
            if (finishing || rested) {
                linkPackets.acknowledge(acknowledgeable());
            }
            if (linkPackets.areDue() || log.hasUnwritten()) {
                return true;
            }
            if (finishing && log.isEmpty() && !pace.isBursting()) {
                return false;
            }
            if (rested && !pace.isBursting()) {
                pace.sleep();
                rested = false;
            } else {
                rested = pace.rest(ACK_NANOS);
            }
        }
        return false;
    }

    /** Called when the socket has taken something, of which so many bytes were numbered packets. */
    void wrote(WriteBatch batch, int count) {
        lock.lock();
        try {
            LogChunk chunk = batch.chunk();
            if (chunk != null && count > 0) {
                log.wrote(chunk, count);
                progresses();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Called when the writer does not use a batch any more. */
    void done(WriteBatch batch) {
        lock.lock();
        try {
            LogChunk chunk = batch.chunk();
            if (chunk != null) {
                if (!batch.hasRemaining()) {
                    written = batch.lastNumber();
                }
                log.done(chunk);
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- for the clock

    /**
     * Sends a sign of life if the writer has begun nothing for so long. (Not: has ended nothing. The peer may have all bytes
     * before the writer has come back from the socket.)
     */
    void pingAfter(long idleNanos, long nowNanos) {
        lock.lock();
        try {
            if (link != null && nowNanos - beganNanos >= idleNanos) {
                linkPackets.ping();
                pace.added(log.unwrittenBytes());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns how long the server has neither taken nor acknowledged anything, although packets wait; 0 if none waits. */
    long stalledNanos(long nowNanos) {
        lock.lock();
        try {
            return log.isEmpty() ? 0 : nowNanos - progressNanos;
        } finally {
            lock.unlock();
        }
    }
}
