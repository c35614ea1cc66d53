package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import java.util.List;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort.Detach;

/**
 * The packets that are kept for sessions until their clients have them: taken in while a session is not live, replayed to
 * its next link, and dropped with its end. Tells the master how much clients have, and whose client is slow. Belongs to the
 * session loop.
 */
final class UndeliveredPackets {
    private final SessionEnvironment env;
    private final SessionLife life;
    private final SessionLog log = new SessionLog();

    UndeliveredPackets(SessionEnvironment env, SessionLife life) {
        this.env = env;
        this.life = life;
    }

    /** A packet of the master's came for a session that is not live. {@code buf} stays the caller's. */
    void whileNotLive(Session session, ByteBuf buf, int index, int length) {
        if (session.isClosed()) {
            session.tooLatePackets++;
            return;
        }
        Undelivered kept = of(session, session.nextDown() - 1); // it is counted already
        if (session.successor() != null) {
            kept.keepForNextLink(buf, index, length); // its client is there: not missed, only late
        } else if (kept.hasRoomFor(length, life.settings())) {
            kept.keep(buf, index, length);
            env.counters().count(Metric.MISSED_KEPT);
            lookAtPace(session);
        } else {
            life.end(session, Reason.MISSED_PACKETS_OVERFLOW, Detach.DISCARD);
        }
    }

    /** Takes over the frames that the session's last link has given back. */
    void giveBack(Session session, List<ByteBuf> leftovers, LinkFacts facts) {
        of(session, session.nextDown()).giveBack(leftovers, facts);
    }

    /** @param next the number of the packet that comes next to those that are kept */
    private Undelivered of(Session session, long next) {
        Undelivered undelivered = session.undelivered;
        if (undelivered == null) {
            undelivered = session.protocol().newUndelivered(env.allocator(), env.kept(), next);
            session.undelivered = undelivered;
        }
        return undelivered;
    }

    /**
     * Gives everything that is kept to the session's new link, with the confirmation of the resume.
     *
     * @return true if that is more than may be kept
     */
    boolean replay(Session session, ClientPort port) {
        Version3Part version3 = session.version3();
        if (version3 != null) {
            acknowledged(session, port.received());
        }
        Undelivered missed = session.undelivered;
        session.undelivered = null;
        if (missed != null) {
            missed.acknowledged(port.received());
        }
        long replayed = missed == null ? 0 : missed.missed();
        env.counters().add(Metric.MISSED_REPLAYED, replayed);
        env.counters().add(Metric.UNACKNOWLEDGED_RESENT, missed == null ? 0 : missed.packets() - replayed);
        log.resumed(session, replayed);
        long excused = missed == null ? 0 : missed.excused(); // before they are taken out
        boolean isMuch = version3 != null && missed != null && missed.isMuch(life.settings(), session.keepsMuch());
        boolean isOver = missed != null && missed.isOver(life.settings());
        paced(session, isMuch, missed == null ? 0 : missed.bytes());
        port.resumed(new Resumption(
                session.id,
                missed == null ? List.of() : missed.take(),
                version3 == null ? session.nextDown() - 1 : port.received(),
                excused,
                isMuch,
                session.takenUp(),
                version3 != null && env.master().acknowledges() ? version3.acknowledgedUp() : session.takenUp()));
        return isOver;
    }

    /** The session's client has this many packets of the master's, as far as its version tells. */
    void acknowledged(Session session, long packets) {
        Version3Part version3 = session.version3();
        if (version3 == null) {
            env.master().taken(session, packets);
        } else if (version3.acknowledgedDown(packets) && env.master().wantsDelivered()) {
            env.master().delivered(session);
        }
    }

    /** More or less is kept for the session's client, by its link, than the master was told last. */
    void paced(Session session, boolean isMuch, long bytes) {
        if (isMuch != session.keepsMuch()) {
            session.keepsMuch(isMuch);
            if (isMuch) {
                env.master().slow(session, bytes);
            } else {
                env.master().ready(session, bytes);
            }
        }
    }

    /** More is kept for a client without a link, or its link has gone: the master is told where that makes a difference. */
    void lookAtPace(Session session) {
        Undelivered kept = session.undelivered;
        if (kept != null) {
            paced(session, kept.isMuch(life.settings(), session.keepsMuch()), kept.bytes());
        }
    }

    /** Answers a packet for a session that there is not. */
    void notFound(long id) {
        boolean answered = env.master().notFound(id);
        env.counters().count(answered ? Metric.NOT_FOUND_ANSWERED : Metric.NOT_FOUND_DROPPED);
    }

    /** Drops everything that is kept for a session that is over. */
    void dropKept(Session session) {
        Version3Part version3 = session.version3();
        if (version3 != null) {
            env.budget().charge(-version3.takeHeldBytes());
        }
        drop(session);
    }

    /** Drops the packets that are kept for a session. */
    void drop(Session session) {
        Undelivered undelivered = session.undelivered;
        if (undelivered != null) {
            session.undelivered = null;
            env.counters().add(Metric.MISSED_DROPPED, undelivered.missed());
            undelivered.release();
        }
    }
}
