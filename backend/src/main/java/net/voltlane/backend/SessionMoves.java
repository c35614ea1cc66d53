package net.voltlane.backend;

import java.util.concurrent.locks.ReentrantLock;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.MessageFlag;
import net.voltlane.protocol.firehose3.Position;

/**
 * The side of a {@link ServerOutbox} that takes sessions over from other servers, and answers questions about them.
 *
 * <p>Thread-safe, by the outbox's lock.
 */
final class SessionMoves {
    private final ServerOutbox outbox;
    private final ReentrantLock lock;
    private final SendLog log;
    private final LinkOutput output;
    private final OutboxRoom room;

    /**
     * @param lock the outbox's lock
     * @param log the outbox's packets
     */
    SessionMoves(ServerOutbox outbox, ReentrantLock lock, SendLog log, LinkOutput output, OutboxRoom room) {
        this.outbox = outbox;
        this.lock = lock;
        this.log = log;
        this.output = output;
        this.room = room;
    }

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
            return !room.isClosedForAnswers();
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
     * @param nextToClient the number of the first packet that the client lacks, as far as the server knows; 0 if that is not
     *     known: of what another server may have had nothing is sent again
     * @param answers whether the server waits for Position
     * @return false if what the client lacks is not kept; nothing has changed then
     */
    boolean takeOver(Session session, KnownServer server, long nextToClient, boolean answers) {
        assert server.isHeld() && server.outbox() == outbox;
        SessionMoves from = session.numbers().server().outbox().moves();
        from.lock.lock();
        try {
            lock.lock(); // nobody else holds two of these, as the directory's lock is held
            try {
                SessionNumbers numbers = session.numbers();
                long next = nextToClient == 0 ? numbers.firstUnsent(from.log.sent()) : nextToClient;
                if (answers) {
                    next = Math.max(next, numbers.delivered() + 1); // what an old link tells may be outdated
                } else {
                    numbers.sentUpTo(next - 1); // a server that has the session tells how much there is
                }
                if (!numbers.canSendFrom(next)) {
                    return false;
                }
                from.outbox.letGo(session);
                takeOver(session, server, next, answers, from);
            } finally {
                lock.unlock();
            }
        } finally {
            from.lock.unlock();
        }
        return true;
    }

    /** Queues all that there is for the session, which {@code from} has let go. Under both locks. */
    private void takeOver(Session session, KnownServer server, long next, boolean answers, SessionMoves from) {
        SessionNumbers numbers = session.numbers();
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
        if (from.room.hasRefused()) {
            room.refuses();
        }
        outbox.madeRoom();
        from.room.wakeAll();
    }
}
