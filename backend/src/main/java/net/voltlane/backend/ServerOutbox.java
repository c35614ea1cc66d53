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
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.MessageFlag;
import net.voltlane.protocol.firehose3.Position;
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

    /** The outcome of a call that queues a packet. */
    enum Result {
        QUEUED,
        REFUSED,
        /** Another server has the session by now. */
        MOVED
    }

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
            if (hasNoRoomForAnswers()) {
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

    /** Waits for room. Returns {@link Result#QUEUED} if the packet may be queued now. */
    private Result admission(Session session, int frameBytes, boolean mayWait) {
        while (has(session) && output.isOpen() && session.isOpen() && isFullFor(frameBytes)) {
            if (!mayWait || output.link() == null) {
                hasRefused |= !mayWait;
                return Result.REFUSED;
            }
            if (!awaitRoom()) {
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

    /** Tells whether answers and kicks have filled as much space again as data may. */
    private boolean hasNoRoomForAnswers() {
        return queued() / 2 >= Math.max(bounds.bytes(), chunkBytes);
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

    /** Drops the copies of what a client has acknowledged. */
    void delivered(Session session, long count) {
        lock.lock();
        try {
            session.numbers().dropDelivered(count);
        } finally {
            lock.unlock();
        }
    }

    /** Tells whether the server takes its answers, so that there may be another. */
    boolean admitsAnswer() {
        lock.lock();
        try {
            return !hasNoRoomForAnswers();
        } finally {
            lock.unlock();
        }
    }

    /** Queues Position for a session that was not known before. */
    void position(Session session, long epoch) {
        lock.lock();
        try {
            SessionNumbers numbers = session.numbers();
            Position position = new Position(numbers.received(), numbers.nextToClient(), epoch);
            appendAnswer(session.id(), MessageCodec.frame(session.id(), position));
        } finally {
            lock.unlock();
        }
    }

    /** Queues an answer about a session. */
    void answer(long id, byte[] frame) {
        lock.lock();
        try {
            appendAnswer(id, frame);
        } finally {
            lock.unlock();
        }
    }

    /** Queues an answer that is written before the packet that it answers is acknowledged. */
    void answerBeforeAck(long id, byte[] frame) {
        lock.lock();
        try {
            appendAnswer(id, frame);
            output.addedBeforeAck();
        } finally {
            lock.unlock();
        }
    }

    private void appendAnswer(long id, byte[] frame) {
        int flag = frame[Tag.FLAG_OFFSET_IN_FRAME] & 0xFF;
        log.append(id, flag, frame, Tag.FRAME_HEADER_BYTES, frame.length - Tag.FRAME_HEADER_BYTES);
        output.added();
    }

    /**
     * Takes a session over from another server, or anew from this one: queues Position, what the client lacks, and the Kick
     * if it was kicked. What is sent from now on comes behind. Senders that wait at the other server go on here. Called under
     * the directory's lock.
     *
     * @param nextToClient the number of the first packet that the client lacks; 0 if that is not known: of what another
     *     server may have had nothing is sent again
     * @param answers whether the server waits for Position
     * @return false if what the client lacks is not kept; nothing has changed then
     */
    boolean takeOver(Session session, KnownServer server, long nextToClient, boolean answers) {
        assert server.isHeld() && server.outbox() == this;
        ServerOutbox from = session.numbers().server().outbox();
        from.lock.lock();
        try {
            lock.lock(); // nobody else holds two of these, as the directory's lock is held
            try {
                SessionNumbers numbers = session.numbers();
                long next = nextToClient == 0 ? numbers.firstUnsent(from.log.sent()) : nextToClient;
                if (!answers) {
                    numbers.sentUpTo(next - 1); // a server that has the session tells how much there is
                }
                if (!numbers.canSendFrom(next)) {
                    return false;
                }
                from.letGo(session);
                if (answers) {
                    Position position = new Position(numbers.received(), next, numbers.epoch());
                    appendAnswer(session.id(), MessageCodec.frame(session.id(), position));
                }
                numbers.dropDelivered(next - 1);
                numbers.moveTo(server, (bytes, offset, length) -> {
                    log.append(session.id(), MessageFlag.DATA, bytes, offset, length);
                    return log.appended();
                });
                byte[] kick = numbers.kick();
                if (kick != null) {
                    log.append(session.id(), MessageFlag.KICK, kick, 0, kick.length);
                }
                output.added();
                hasRefused |= from.hasRefused;
                madeRoom();
                from.room.signalAll();
            } finally {
                lock.unlock();
            }
        } finally {
            from.lock.unlock();
        }
        return true;
    }

    /** Drops what is kept for a session until the server opens it anew. */
    private void letGo(Session session) {
        owedKicks.remove(session);
        for (KeptPacket packet : session.numbers().kept()) {
            keptBytes -= packet.frameBytes();
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
