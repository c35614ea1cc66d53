package net.voltlane.backend;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which sessions of firehose 2 begin, wait without a firehose, and move to another.
 *
 * <pre>
 *              first packet of an id that nobody has
 *   (nothing) ---------------------------------------&gt; of a firehose --- Failure ---&gt; ended
 *                                                        |      ^                       ^
 *                                       firehose is lost |      | a packet on another   |
 *                                                        v      | firehose              |
 *                                                       away ---+                       |
 *                                                        |     orphan timeout, Failure  |
 *                                                        +------------------------------+
 * </pre>
 *
 * Nothing on the wire says which server dials. A new firehose continues a lost one if it carries the same session ids.
 * These are 53 random bits, which two servers do not choose by chance. If servers share their ids, a session moves to a
 * firehose that carries its id even if another server, which is alive, has had it.
 *
 * <p>Thread-safe, by the {@link SessionDirectory}'s lock.
 */
final class Version2Sessions implements SessionRoute {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final SessionDirectory directory;
    private final BackendOptions options;
    private final Counters counters;
    private final KeptPackets kept;

    Version2Sessions(SessionDirectory directory, BackendOptions options, Counters counters) {
        this.directory = directory;
        this.options = options;
        this.counters = counters;
        kept = new KeptPackets(options.awayBufferBytes(), counters);
    }

    // ---- sessions begin and move

    /**
     * Finds the session of a packet whose id its firehose has not carried before: one that waits for a firehose, or a
     * new one. If a lost firehose has the session, waits until its last handler call has returned, so that calls about
     * one session never overlap. If that takes too long, the session begins a second time. For the firehose's reader.
     *
     * @return the session; null for the Failure of an unknown session, and if there is no room for one more session
     */
    @Nullable
    Session first(Version2 link, long id, Flag flag) {
        while (true) {
            SearchResult found = directory.locked(() -> find(link, id, flag));
            if (found.isBusy()) {
                LockSupport.parkNanos(LOOK_NANOS);
            } else if (found.inTheWay() == null) {
                return found.session();
            } else {
                link.replace(found.inTheWay());
            }
        }
    }

    private SearchResult find(Version2 link, long id, Flag flag) {
        Firehose firehose = link.firehose();
        List<Firehose> firehoses = directory.firehoses();
        firehose.held().dropStrays();
        if (flag == Flag.DATA && link.isFormer(id)) {
            return SearchResult.NOTHING;
        }
        // The newest first: a session that has begun twice goes on as the later one.
        for (int i = firehoses.size() - 1; i >= 0; i--) {
            Firehose other = firehoses.get(i);
            Session session = other == firehose || other.protocol() != 2
                    ? null
                    : other.held().own(id);
            if (session == null) {
                continue;
            }
            if (session.firehose() == firehose) {
                return move(session, other, link); // claimed before
            }
            if (other.held().isReleased()) {
                return new SearchResult(takeOver(session, firehose, flag), null);
            }
            if (options.sharedIds() && !other.isLost() && flag != Flag.FAILURE) {
                return move(session, other, link);
            }
            if (link.mayReplace(other, flag)) {
                return new SearchResult(null, other);
            }
        }
        if (flag == Flag.FAILURE) {
            return SearchResult.NOTHING;
        }
        Session session = directory.begin(firehose, id, this);
        if (session == null) {
            firehose.outbox().tryKick(id); // if possible, as the client would wait for answers in vain
        }
        return new SearchResult(session, null);
    }

    /** Moves a session from another server, which is alive, once no handler call about it runs. */
    private SearchResult move(Session session, Firehose other, Version2 link) {
        Firehose firehose = link.firehose();
        if (session.firehose() != firehose) {
            directory.claim(session, firehose);
            Version2.of(other).loses(session.id());
        }
        if (other.held().isHandling(session)) {
            return SearchResult.BUSY;
        }
        link.gets(session.id());
        other.held().takeOut(session);
        firehose.held().table().add(session);
        kept.send(session, firehose.outbox());
        session.moveTo(firehose);
        if (!other.isWritable()) {
            firehose.tellWritable(); // the other one may have refused a packet
        }
        counters.adopted.increment();
        return new SearchResult(session, null);
    }

    private Session takeOver(Session session, Firehose firehose, Flag flag) {
        assert isHeld() && session.firehose() != firehose;
        directory.move(session, firehose);
        if (flag == Flag.FAILURE) {
            kept.drop(session);
        }
        kept.send(session, firehose.outbox());
        if (session.hasRefused() && session.isOpen()) {
            firehose.tellWritable();
        }
        session.moveTo(firehose);
        return session;
    }

    // ---- packets for sessions

    @Override
    public boolean send(Session session, byte[] data, int offset, int length, boolean mayWait) {
        options.checkLength(length);
        while (session.isOpen()) {
            Outbox.Result result = session.firehose().outbox().append(session.id(), data, offset, length, mayWait);
            if (result == Outbox.Result.CLOSED) {
                result = keep(session, data, offset, length, mayWait);
            }
            if (result != Outbox.Result.CLOSED) {
                return result == Outbox.Result.QUEUED;
            }
        }
        return false;
    }

    @Override
    public boolean send(Session session, ByteBuffer data, boolean mayWait) {
        options.checkLength(data.remaining());
        while (session.isOpen()) {
            Outbox.Result result = session.firehose().outbox().append(session.id(), data, mayWait);
            if (result == Outbox.Result.CLOSED) {
                byte[] copy = new byte[data.remaining()];
                data.get(data.position(), copy);
                result = keep(session, copy, 0, copy.length, mayWait);
            }
            if (result != Outbox.Result.CLOSED) {
                return result == Outbox.Result.QUEUED;
            }
        }
        return false;
    }

    /** Keeps a packet for a session whose firehose is closed. */
    private Outbox.Result keep(Session session, byte[] data, int offset, int length, boolean mayWait) {
        return directory.locked(() -> {
            if (!session.isOpen()) {
                return Outbox.Result.REFUSED;
            }
            if (!session.isAway()) {
                return Outbox.Result.CLOSED; // it has another firehose by now
            }
            if (directory.isClosed() || session.hasGap() || !kept.hasRoom(Tag.FRAME_HEADER_BYTES + length)) {
                if (!mayWait) {
                    session.refuse();
                }
                return Outbox.Result.REFUSED;
            }
            kept.keepData(session, data, offset, length);
            return Outbox.Result.QUEUED;
        });
    }

    /** Ends a session. A kick of this version has no text. */
    @Override
    public boolean kick(Session session, String text) {
        Firehose overrun;
        directory.lock();
        try {
            if (directory.isClosed() || !session.isOpen()) {
                return false;
            }
            session.close(true);
            Firehose firehose = session.firehose();
            overrun = firehose.outbox().appendKick(session.id()) ? null : firehose;
        } finally {
            directory.unlock();
        }
        if (overrun != null) {
            overrun.lose("did not take its kicks");
        }
        return true;
    }

    // ---- sessions lose their firehose, or end

    /**
     * Called when a firehose is lost and its writer has ended. Its sessions are away from now on, and the packets that
     * were not sent are kept for them. Once the bound is reached no more packets are kept, since a gap at the end is
     * better than one in the middle. For the same reason a session that has lost a packet takes no more until it is
     * back.
     */
    void detach(Firehose firehose) {
        assert isHeld();
        firehose.held().table().forEach(session -> {
            if (session.firehose() == firehose) { // another one may have taken it over
                session.leave();
            }
        });
        boolean[] full = {directory.isClosed()};
        boolean refused = firehose.outbox().close((id, flag, bytes, offset, length) -> {
            Session session = firehose.held().table().get(id);
            if (flag != Flag.DATA || session == null || session.firehose() != firehose) {
                return; // a kick is sent again later, and packets for a session that has ended are not needed
            }
            full[0] = full[0] || !kept.keep(session, bytes, offset, length);
            if (full[0]) {
                session.breakSequence();
                counters.dropped.increment();
            }
        });
        if (refused) {
            firehose.held().forEachOwn(Session::refuse);
        }
    }

    @Override
    public void drop(Session session) {
        kept.drop(session);
    }

    @Override
    public boolean isHeld() {
        return directory.isHeld();
    }
}
