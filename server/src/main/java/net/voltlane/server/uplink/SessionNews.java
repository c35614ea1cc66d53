package net.voltlane.server.uplink;

import net.voltlane.protocol.Reason;
import net.voltlane.protocol.firehose3.MessageFlag;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.MasterPort;

/**
 * The events of sessions' lives as packets of firehose 3. While what is kept for the master is at its bound, Opened,
 * Suspended and Resumed are owed: each session is told of once there is room, or before its next data, by the newest of
 * them. Delivered, Slow and Ready wait for the socket. Belongs to the session loop.
 *
 * <pre>
 *   (nothing) ──Opened──► told ──Suspended──► told, suspended ──Resumed──► told
 *                         told ──Resumed, takeover──► told
 *                         told, suspended or not ──Ended──► (over once that is acknowledged)
 *   Opened is owed ──the session ends──► (forgotten)
 *   told ──let go──► (forgotten) ──abandoned: Ended──► (over once that is acknowledged)
 * </pre>
 */
final class SessionNews implements FirehoseOutput.Notes {
    private static final byte[] NO_TEXT = {};

    private final boolean announcesAtOpen;
    private final ToldSessions sessions;
    private final KeptBounds bounds;
    private final PacketWriter writer;
    private final Greeting greeting;
    private final Counters counters;
    private final FirehoseOutput output;

    SessionNews(
            boolean announcesAtOpen,
            ToldSessions sessions,
            KeptBounds bounds,
            PacketWriter writer,
            Greeting greeting,
            Counters counters,
            FirehoseOutput output) {
        this.announcesAtOpen = announcesAtOpen;
        this.sessions = sessions;
        this.bounds = bounds;
        this.writer = writer;
        this.greeting = greeting;
        this.counters = counters;
        this.output = output;
    }

    // ---- events

    void opened(MasterPort.Subject session) {
        if (announcesAtOpen) {
            tellOrOwe(sessions.add(session));
        }
    }

    /** A session comes from another server: it is told of at once, whenever others are. */
    void adopted(MasterPort.Subject session) {
        Told told = sessions.adopt(session);
        if (session.adopting() == null) {
            told.startsAt(session.takenUp());
        }
        told.beginsWith(Long.MAX_VALUE);
        tellOrOwe(told);
    }

    /** Another server has the session: what is kept of it keeps its numbers, and nothing is added. */
    boolean letGo(MasterPort.Subject session) {
        Told told = sessions.get(session.id());
        if (told != null) {
            sessions.remove(told);
        }
        return told != null && told.isOpened();
    }

    /** Nobody has a session any more that was let go. Only this instance of the master knows it. */
    void abandoned(MasterPort.Subject session, Reason reason) {
        if (sessions.get(session.id()) == null) {
            Told told = sessions.add(session);
            told.isAbandoned();
            output.own(writer.ended(told, reason, NO_TEXT));
            told.beginsWith(output.log().last());
        }
    }

    /** A session that is announced with its data is so now, whatever the bounds are. */
    void dataFollows(MasterPort.Subject session) {
        Told told = sessions.get(session.id());
        if (told == null) {
            told = sessions.add(session);
        }
        if (told.isOwed()) {
            sessions.oweNot(told);
            tell(told);
        }
    }

    void suspended(MasterPort.Subject session, String cause) {
        Told told = sessions.get(session.id());
        if (told != null) {
            told.suspended(cause);
            tellOrOwe(told);
        }
    }

    void resumed(MasterPort.Subject session) {
        Told told = sessions.get(session.id());
        if (told != null) {
            sessions.moved(told);
            tellOrOwe(told);
        }
    }

    void ended(MasterPort.Subject session, Reason reason, byte[] text) {
        Told told = sessions.get(session.id());
        if (told == null) {
            return;
        }
        sessions.oweNot(told);
        if (!told.isOpened()) {
            sessions.remove(told);
            counters.count(Metric.MASTER_SESSIONS_FORGOTTEN);
            return;
        }
        told.ended();
        output.own(writer.ended(told, reason, text));
    }

    void delivered(MasterPort.Subject session) {
        Told told = sessions.get(session.id());
        if (told != null && greeting.wantsDelivered()) {
            told.owesDelivered();
            note(told);
        }
    }

    void taken(MasterPort.Subject session, long packets) {
        Told told = sessions.get(session.id());
        if (told != null && told.taken(packets)) {
            delivered(session);
        }
    }

    /** @param isSlow true if much is kept for the session's client, false if little is again */
    void pace(MasterPort.Subject session, boolean isSlow, long keptBytes) {
        Told told = sessions.get(session.id());
        if (told != null) {
            told.paced(isSlow, keptBytes);
            if (greeting.wantsPace()) {
                note(told);
            }
        }
    }

    // ---- what is owed

    private void tellOrOwe(Told told) {
        if (!told.isOwed()) {
            sessions.oweNot(told);
        } else if (bounds.isReached()) {
            counters.count(Metric.MASTER_NEWS_OWED);
            sessions.owe(told);
        } else {
            tell(told);
        }
    }

    /** Tells the newest state of the session's link, if that is not known. */
    private void tell(Told told) {
        if (!told.isOpened()) {
            output.own(writer.opened(told, false));
            if (!told.owns(0)) {
                told.beginsWith(output.log().last());
            }
        } else if (told.isSuspended()) {
            output.own(writer.suspended(told));
        } else {
            output.own(writer.resumed(told, !told.isToldSuspended()));
        }
        told.isTold();
        if (told.hasNews()) {
            note(told);
        }
    }

    /** There may be room again: tells what is owed. */
    void tellOwed() {
        while (!bounds.isReached()) {
            Told told = sessions.nextOwed();
            if (told == null) {
                return;
            }
            tell(told);
        }
    }

    // ---- what is noted

    private void note(Told told) {
        boolean isFirst = !sessions.hasNoted();
        sessions.note(told);
        if (isFirst) {
            output.noted();
        }
        output.flushSoon();
    }

    @Override
    public boolean write() {
        while (sessions.hasNoted() && !bounds.isReached()) {
            Told told = sessions.nextNoted();
            if (told == null || told.hasEnded() || !told.isOpened()) {
                continue;
            }
            if (greeting.wantsDelivered() && told.takeDelivered()) {
                output.keep(writer.delivered(told));
            }
            if (greeting.wantsPace() && told.takePace()) {
                output.keep(writer.pace(told));
            }
        }
        return !sessions.hasNoted();
    }

    // ---- what is acknowledged

    /** The master has a packet. */
    void acknowledged(int flag, long id, long number) {
        if (flag == MessageFlag.DATA) {
            sessions.acknowledged(id, number);
        } else if (flag == MessageFlag.ENDED) {
            Told told = sessions.get(id);
            if (told != null && told.owns(number)) {
                sessions.remove(told);
            }
        } else if (flag == MessageFlag.OPENED) {
            Told told = sessions.get(id);
            if (told != null && told.owns(number)) {
                told.openedIsAcknowledged();
            }
        }
    }
}
