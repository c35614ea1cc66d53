package net.voltlane.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.firehose3.MessageFlag;
import net.voltlane.protocol.firehose3.Welcome;

/**
 * The queue of packets for one server that speaks firehose 3. It outlives its links: what the server has not acknowledged
 * is written again to the next one. Any thread appends packets; {@link LinkOutput} is the writer's side.
 *
 * <p>Thread-safe, by one lock. It is held while a packet is copied. The {@link SessionDirectory}'s lock may be held when
 * this one is taken, never the other way round.
 */
final class ServerOutbox {
    /** The time after which a reader that waits looks what its own link has brought. */
    private static final long READ_AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final QueueBounds bounds;
    private final int chunkBytes;

    private final ReentrantLock lock = new ReentrantLock();
    /** Signalled for senders that wait for room. */
    private final Condition room = lock.newCondition();

    private final LinkOutput output;

    // These fields are guarded by the lock.
    private final SendLog log;
    /** Open sessions whose Kick has found no room, the oldest Kick first. */
    private final Set<Session> owedKicks = new LinkedHashSet<>();

    /** Bytes of packets that are kept for sessions which the server has not opened to the present pair of instances. */
    private long keptBytes;

    private int waitingSenders;
    /** True if a packet was refused since {@link Handler#writable} was last called for this server. */
    private boolean hasRefused;

    /** @param received returns the number of packets that were taken over from the server */
    ServerOutbox(long maxBytes, int chunkBytes, LongSupplier nanoClock, LongSupplier received) {
        bounds = QueueBounds.ofBytes(maxBytes);
        this.chunkBytes = chunkBytes;
        log = new SendLog(chunkBytes);
        output = new LinkOutput(lock, log, chunkBytes, nanoClock, received);
    }

    /** Returns the writer's side. */
    LinkOutput output() {
        return output;
    }

    // ---- for senders

    /** Queues Data. Waits for room if {@code mayWait} and there is a link. An interrupt ends the wait and stays set. */
    boolean append(Session session, byte[] data, int offset, int length, boolean mayWait) {
        lock.lock();
        try {
            if (!admits(session, Tag.FRAME_HEADER_BYTES + length, mayWait)) {
                return false;
            }
            SessionNumbers numbers = session.numbers();
            numbers.sends();
            if (numbers.isConfirmed()) {
                log.append(session.id(), MessageFlag.DATA, data, offset, length);
                output.added();
            } else {
                byte[] copy = new byte[length];
                System.arraycopy(data, offset, copy, 0, length);
                keep(session, new KeptPacket(MessageFlag.DATA, copy));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Queues Data from a buffer, whose position does not change. */
    boolean append(Session session, ByteBuffer data, boolean mayWait) {
        lock.lock();
        try {
            if (!admits(session, Tag.FRAME_HEADER_BYTES + data.remaining(), mayWait)) {
                return false;
            }
            SessionNumbers numbers = session.numbers();
            numbers.sends();
            if (numbers.isConfirmed()) {
                log.append(session.id(), MessageFlag.DATA, data);
                output.added();
            } else {
                byte[] copy = new byte[data.remaining()];
                data.get(data.position(), copy);
                keep(session, new KeptPacket(MessageFlag.DATA, copy));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Queues a Kick, even if there is no room for data. Once kicks have filled as much space again as data may, a Kick
     * waits, without its text, until there is room.
     */
    void appendKick(Session session, byte[] text) {
        lock.lock();
        try {
            if (!output.isOpen()) {
                return;
            }
            if (queued() / 2 >= Math.max(bounds.bytes(), chunkBytes)) {
                owedKicks.add(session);
            } else if (session.numbers().isConfirmed()) {
                log.append(session.id(), MessageFlag.KICK, text, 0, text.length);
                output.added();
            } else {
                keep(session, new KeptPacket(MessageFlag.KICK, text));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Queues a Kick for an id that has no session here, if less than half of the space is used. */
    void tryKick(long id) {
        lock.lock();
        try {
            if (queued() < bounds.bytes() / 2) {
                log.append(id, MessageFlag.KICK, new byte[0], 0, 0);
                output.added();
            }
        } finally {
            lock.unlock();
        }
    }

    long queuedBytes() {
        lock.lock();
        try {
            return queued();
        } finally {
            lock.unlock();
        }
    }

    boolean isWritable() {
        lock.lock();
        try {
            return output.link() != null && !output.isFinishing() && queued() < bounds.bytes() && !hasRefused;
        } finally {
            lock.unlock();
        }
    }

    private boolean admits(Session session, int frameBytes, boolean mayWait) {
        while (output.isOpen() && session.isOpen() && isFullFor(frameBytes)) {
            if (!mayWait || output.link() == null) {
                hasRefused |= !mayWait;
                return false;
            }
            if (!awaitRoom()) {
                return false;
            }
        }
        return output.isOpen() && session.isOpen();
    }

    /**
     * Waits until there may be room. A reader that waits in a handler call looks now and then what its own link has
     * brought, as that may be what makes room. Returns false if the thread is interrupted.
     */
    @SuppressWarnings("WaitNotInLoop") // its caller asks for room in a loop
    private boolean awaitRoom() {
        FirehoseReader reader = FirehoseReader.ofThisThread();
        waitingSenders++;
        try {
            if (reader == null) {
                room.await();
            } else {
                room.awaitNanos(READ_AHEAD_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            waitingSenders--;
        }
        if (reader != null) {
            readAhead(reader);
        }
        return true;
    }

    private void readAhead(FirehoseReader reader) {
        lock.unlock();
        try {
            reader.readAhead();
        } catch (IOException e) {
            // The link is lost. If it is the one that was waited for, the wait is over.
        } finally {
            lock.lock();
        }
    }

    private long queued() {
        return log.bytes() + keptBytes;
    }

    private boolean isFullFor(int frameBytes) {
        return !bounds.admits(queued() > 0 ? 1 : 0, queued(), frameBytes);
    }

    private void keep(Session session, KeptPacket packet) {
        session.numbers().keep(packet);
        keptBytes += packet.frameBytes();
    }

    // ---- for the reader

    /** Drops what the server has acknowledged. Returns false if the count does not fit. */
    boolean acknowledged(long number) {
        lock.lock();
        try {
            if (!log.admitsAck(number)) {
                return false;
            }
            if (number > log.acknowledged()) {
                log.acknowledge(number);
                output.acknowledged();
                madeRoom();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes those that wait for room, if half of the space is free. */
    private void madeRoom() {
        assert lock.isHeldByCurrentThread();
        if (queued() > bounds.bytes() / 2) {
            return;
        }
        while (!owedKicks.isEmpty() && queued() <= bounds.bytes() / 2) {
            Session session = owedKicks.iterator().next();
            owedKicks.remove(session);
            appendKick(session, new byte[0]);
        }
        if (waitingSenders > 0) {
            room.signalAll();
        }
        Version3 link = output.link();
        if (hasRefused && link != null) {
            hasRefused = false;
            link.tellWritable();
        }
    }

    // ---- sessions that the server has to open anew

    /** Begins to count anew. What was not acknowledged is kept until the server has opened its session anew. */
    void beginAnew(SessionTable sessions) {
        lock.lock();
        try {
            sessions.forEach(session -> session.numbers().unconfirm());
            log.beginAnew((id, flag, bytes, offset, length) -> {
                Session session = sessions.get(id);
                if (session != null) {
                    keep(session, new KeptPacket(flag, Arrays.copyOfRange(bytes, offset, offset + length)));
                }
            });
        } finally {
            lock.unlock();
        }
    }

    /**
     * Called when the server has opened a session anew. Queues what is kept for it and what the server has not had.
     *
     * @return false if the server lacks packets that it had acknowledged before
     */
    boolean confirm(Session session, long nextToClient) {
        lock.lock();
        try {
            SessionNumbers numbers = session.numbers();
            long number = numbers.firstKept();
            boolean fits = nextToClient >= number;
            for (KeptPacket packet : numbers.kept()) {
                keptBytes -= packet.frameBytes();
                if (!packet.isData() || number++ >= nextToClient) {
                    log.append(session.id(), packet.flag(), packet.data(), 0, packet.data().length);
                    output.added();
                }
            }
            numbers.confirm(nextToClient);
            madeRoom();
            return fits;
        } finally {
            lock.unlock();
        }
    }

    /** Drops what is kept for a session that has ended, and returns the number of packets of data. */
    int drop(Session session) {
        lock.lock();
        try {
            owedKicks.remove(session); // a server that acknowledges nothing may open and end any number
            int dropped = 0;
            for (KeptPacket packet : session.numbers().kept()) {
                keptBytes -= packet.frameBytes();
                dropped += packet.isData() ? 1 : 0;
            }
            session.numbers().forget();
            madeRoom();
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Drops what the server has not acknowledged, as it is given up, and returns the number of packets of data. */
    int forget() {
        lock.lock();
        try {
            int[] dropped = {0};
            log.beginAnew((id, flag, bytes, offset, length) -> dropped[0] += flag == MessageFlag.DATA ? 1 : 0);
            owedKicks.clear();
            return dropped[0];
        } finally {
            lock.unlock();
        }
    }

    // ---- links

    /** Tells whether the server can have received so many packets in all. */
    boolean admitsReceived(long number) {
        lock.lock();
        try {
            return log.admitsReceived(number);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins to write to a link, where an older one has ended.
     *
     * @param receivedByServer the number of packets that need not be written again
     * @return the number of packets that are written again
     */
    long attach(Version3 next, Welcome welcome, long receivedByServer) {
        lock.lock();
        try {
            long again = output.attach(next, welcome, receivedByServer);
            madeRoom();
            return again;
        } finally {
            lock.unlock();
        }
    }

    /** Called when a link is lost. Packets are kept for the next one. */
    void detach(Version3 lost) {
        lock.lock();
        try {
            if (output.detach(lost)) {
                room.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Accepts no more packets. The writer ends when all is acknowledged. */
    void finish() {
        lock.lock();
        try {
            output.finish();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
