package net.voltlane.backend;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
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
    /** The outcome of a call that queues a packet. */
    enum Result {
        QUEUED,
        REFUSED,
        /** Another server has the session by now. */
        MOVED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkOutput output;
    private final SessionMoves moves;

    // These fields are guarded by the lock.
    private final SendLog log;
    /** Open sessions whose Kick has found no room, the oldest Kick first. */
    private final Set<Session> owedKicks = new LinkedHashSet<>();

    private final OutboxRoom room;

    /** @param received returns the number of packets that were taken over from the server */
    ServerOutbox(long maxBytes, int chunkBytes, LongSupplier nanoClock, LongSupplier received) {
        log = new SendLog(chunkBytes);
        output = new LinkOutput(lock, log, chunkBytes, nanoClock, received);
        room = new OutboxRoom(lock, log, maxBytes, chunkBytes);
        moves = new SessionMoves(this, lock, log, output, room);
    }

    /** Returns the writer's side. */
    LinkOutput output() {
        return output;
    }

    /** Returns the side of sessions that change their server. */
    SessionMoves moves() {
        return moves;
    }

    // ---- for senders

    /** Queues Data. Waits for room if {@code mayWait} and there is a link. An interrupt ends the wait and stays set. */
    Result append(Session session, byte[] data, int offset, int length, boolean mayWait) {
        lock.lock();
        try {
            Result admission = admission(session, Tag.FRAME_HEADER_BYTES + length, mayWait);
            if (admission != Result.QUEUED) {
                return admission;
            }
            SessionNumbers numbers = session.numbers();
            if (numbers.isConfirmed()) {
                log.append(session.id(), MessageFlag.DATA, data, offset, length);
                numbers.sends(data, offset, length, log.appended());
                output.added();
            } else {
                numbers.sends(data, offset, length, UndeliveredPackets.UNSENT);
                keep(session, new KeptPacket(MessageFlag.DATA, Arrays.copyOfRange(data, offset, offset + length)));
            }
            return Result.QUEUED;
        } finally {
            lock.unlock();
        }
    }

    /** Queues Data from a buffer, whose position does not change. */
    Result append(Session session, ByteBuffer data, boolean mayWait) {
        lock.lock();
        try {
            Result admission = admission(session, Tag.FRAME_HEADER_BYTES + data.remaining(), mayWait);
            if (admission != Result.QUEUED) {
                return admission;
            }
            SessionNumbers numbers = session.numbers();
            if (numbers.isConfirmed()) {
                log.append(session.id(), MessageFlag.DATA, data);
                numbers.sends(data, log.appended());
                output.added();
            } else {
                numbers.sends(data, UndeliveredPackets.UNSENT);
                byte[] copy = new byte[data.remaining()];
                data.get(data.position(), copy);
                keep(session, new KeptPacket(MessageFlag.DATA, copy));
            }
            return Result.QUEUED;
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
            if (room.isClosedForAnswers()) {
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
            if (room.isLessThanHalfUsed()) {
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
            return room.queued();
        } finally {
            lock.unlock();
        }
    }

    boolean isWritable() {
        lock.lock();
        try {
            return output.link() != null && !output.isFinishing() && !room.isUsedUp() && !room.hasRefused();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for room. Returns {@link Result#QUEUED} if the packet may be queued now. */
    private Result admission(Session session, int frameBytes, boolean mayWait) {
        while (has(session) && output.isOpen() && session.isOpen() && room.isFullFor(frameBytes)) {
            if (!mayWait || output.link() == null) {
                if (!mayWait) {
                    room.refuses();
                }
                return Result.REFUSED;
            }
            if (!room.await()) {
                return Result.REFUSED;
            }
        }
        if (!has(session)) {
            return Result.MOVED;
        }
        return output.isOpen() && session.isOpen() ? Result.QUEUED : Result.REFUSED;
    }

    /** Tells whether this server has a session, and not another one. */
    private boolean has(Session session) {
        return session.numbers().server().outbox() == this;
    }

    private void keep(Session session, KeptPacket packet) {
        session.numbers().keep(packet);
        room.keeps(packet);
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

    /** Wakes those that wait for room, if half of the space is free. Under the lock. */
    void madeRoom() {
        assert lock.isHeldByCurrentThread();
        if (!room.isHalfFree()) {
            return;
        }
        while (!owedKicks.isEmpty() && room.isHalfFree()) {
            Session session = owedKicks.iterator().next();
            owedKicks.remove(session);
            appendKick(session, new byte[0]);
        }
        room.wakeWaiting();
        Version3 link = output.link();
        if (room.hasRefused() && link != null) {
            room.refusesNoMore();
            link.tellWritable();
        }
    }

    // ---- sessions that the server has to open anew

    /** Begins to count anew. What was not acknowledged is kept until the server has opened its session anew. */
    void beginAnew(SessionTable sessions) {
        lock.lock();
        try {
            sessions.forEach(session -> {
                if (has(session)) {
                    session.numbers().unconfirm();
                }
            });
            output.beginAnew();
            log.beginAnew((id, flag, bytes, offset, length) -> {
                Session session = sessions.get(id);
                boolean isAnswer = flag != MessageFlag.DATA && flag != MessageFlag.KICK; // the question comes again
                if (session != null && has(session) && !isAnswer) {
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
                room.keepsNoMore(packet);
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
                room.keepsNoMore(packet);
                dropped += packet.isData() ? 1 : 0;
            }
            session.numbers().forget();
            session.numbers().forgetUndelivered();
            madeRoom();
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Drops what the server has not acknowledged, as it is given up, and returns the number of packets of data for its
     * sessions. Other servers have sent those for other sessions.
     */
    int forget(SessionTable sessions) {
        lock.lock();
        try {
            int[] dropped = {0};
            log.beginAnew((id, flag, bytes, offset, length) ->
                    dropped[0] += flag == MessageFlag.DATA && sessions.get(id) != null ? 1 : 0);
            output.beginAnew();
            owedKicks.clear();
            return dropped[0];
        } finally {
            lock.unlock();
        }
    }

    // ---- sessions that change their server

    /** Drops what is kept for a session until the server opens it anew. Under the lock. */
    void letGo(Session session) {
        owedKicks.remove(session);
        for (KeptPacket packet : session.numbers().kept()) {
            room.keepsNoMore(packet);
        }
        session.numbers().forget();
        madeRoom();
    }

    // ---- links

    /**
     * Returns how many packets may be acknowledged in the Welcome of the next link.
     *
     * @param receivedByServer the number of packets that the server has received
     */
    long acknowledgeable(long receivedByServer) {
        lock.lock();
        try {
            return output.acknowledgeable(receivedByServer);
        } finally {
            lock.unlock();
        }
    }

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
                room.wakeAll();
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
            room.wakeAll();
        } finally {
            lock.unlock();
        }
    }
}
