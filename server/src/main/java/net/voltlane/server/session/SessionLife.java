package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import java.util.List;
import net.voltlane.protocol.Reason;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort.Detach;
import org.jspecify.annotations.Nullable;

/**
 * The life of a session, from one state to the next: its moves between links, the time at which it becomes stale, the
 * packets kept for its client, and its end. Each method takes a session that is in the table. Belongs to the session
 * loop.
 */
final class SessionLife {
    private final SessionEnvironment env;
    private final SessionTable table;
    private final SessionStore store;
    private final StaleSessions stale;
    private final FirehoseHold firehose;
    private final Runnable onEnded;
    /** The time for which a link that has proved itself counts as newer than what is heard of other servers. */
    private static final long LATELY_NANOS = 10_000_000_000L;

    private final SessionLog log = new SessionLog();
    private final EvictionLog evictions;
    private SessionSettings settings;
    /** The records of sessions outside of this process; null if there are none. */
    private @Nullable Records records;

    private @Nullable Adoptions adoptions;
    /** The way of what is kept to other servers; null if there are none. */
    private @Nullable HandOvers handOvers;

    /** @param onEnded runs behind everything that the end of a session brings about */
    SessionLife(
            SessionEnvironment env,
            SessionSettings settings,
            SessionTable table,
            SessionStore store,
            StaleSessions stale,
            FirehoseHold firehose,
            Runnable onEnded) {
        this.env = env;
        this.settings = settings;
        this.table = table;
        this.store = store;
        this.stale = stale;
        this.firehose = firehose;
        this.onEnded = onEnded;
        evictions = new EvictionLog(env.nanoClock());
    }

    /** Hands over what is kept for the sessions that are let go, from now on. */
    void handOvers(HandOvers next) {
        handOvers = next;
    }

    /** Sessions of other servers come here, from now on. */
    void adoptions(Adoptions next) {
        adoptions = next;
    }

    /** Keeps records of all sessions from now on, before there is one. */
    void records(Records kept) {
        records = kept;
    }

    SessionSettings settings() {
        return settings;
    }

    /** Replaces the settings. Stale sessions above the new bound on all of them are evicted. */
    void settings(SessionSettings next) {
        settings = next;
        while (stale.size() > settings.maxStale()) {
            Session evicted = stale.toEvict();
            evictions.lowered(stale.holderOf(evicted));
            end(evicted, Reason.CLIENT_EVICTED, Detach.DISCARD);
        }
    }

    // ---- its links ----

    void open(ClientPort port, byte[] clientKey, byte @Nullable [] credentials) {
        open(port, table.newId(), 0, clientKey, credentials);
    }

    /**
     * Opens a session under an id of the table's.
     *
     * @param epoch 0 if sessions have no records
     */
    Session open(ClientPort port, long id, long epoch, byte[] clientKey, byte @Nullable [] credentials) {
        Session session = new Session(id, table.newOpeningNanos(), clientKey, credentials, port);
        session.epoch = epoch;
        table.add(session);
        env.budget().charge(credentials == null ? 0 : credentials.length);
        env.counters().count(Metric.SESSIONS_OPENED);
        log.opened(session);
        env.master().opened(session);
        port.opened(session.id);
        return session;
    }

    /** The session moves to this link, which has proved itself. A link that it still has is detached first. */
    void resume(Session session, ClientPort port) {
        Version3Part version3 = session.version3();
        if (version3 != null) {
            version3.claim();
        }
        switch (session.state()) {
            case STALE -> {
                stale.remove(session);
                if (session.former == null) {
                    attach(session, port, Metric.SESSIONS_RESUMED, null);
                } else {
                    session.former.again(session, port);
                }
                timeChanged(session);
            }
            case LIVE -> {
                log.takenOver(session, port);
                detach(session, Detach.GIVE_BACK, NextStep.takeOver(port));
            }
            case DETACHING -> {
                ClientPort earlier = session.successor();
                session.detaching(NextStep.moveTo(port));
                if (earlier != null) {
                    earlier.refused(Refusal.TAKEN_OVER);
                }
            }
            case ENDED -> throw new AssertionError("an ended session is not in the table");
        }
    }

    /** The proof was right, and came too late. */
    void refuse(ClientPort port, long id, Refusal why) {
        env.counters().count(why == Refusal.TAKEN_OVER ? Metric.RESUMES_OVERTAKEN : Metric.RESUMES_REFUSED);
        log.notResumed(id, port, why);
        port.refused(why);
    }

    /** A link of the session, or one that is to become it, is lost. */
    void lost(Session session, ClientPort port) {
        NextStep step = session.nextStep();
        if (step != null && step.link() == port) {
            env.counters().count(Metric.LINKS_LOST);
            session.detaching(step.withoutLink());
            port.detach(Detach.DISCARD, null, NextStep.NO_TEXT);
            session.lostAtNanos = now();
            session.link().nextStepChanged();
        } else if (session.isLive()) {
            env.counters().count(Metric.LINKS_LOST);
            log.lost(session, port, settings);
            session.lostAtNanos = now();
            if (settings.keepsStale()) {
                detach(session, Detach.GIVE_BACK, NextStep.BECOME_STALE);
            } else {
                end(session, Reason.CLIENT_DISCONNECTED, Detach.DISCARD);
            }
        }
    }

    /** The session's client has ended it. A client that has gone on to another link has changed its mind. */
    void left(Session session) {
        NextStep step = session.nextStep();
        if (session.isLive()) {
            end(session, Reason.CLIENT_LEFT, Detach.DELIVER);
        } else if (step != null && step.kind() == NextStep.Kind.BECOME_STALE) {
            endWhileDetaching(session, Reason.CLIENT_LEFT, NextStep.NO_TEXT);
        }
    }

    /** The session's client broke a rule that ends its session. */
    void violated(Session session, Reason reason) {
        if (session.isLive()) {
            end(session, reason, reason == Reason.BUFFER_OVERFLOW ? Detach.DISCARD : Detach.DELIVER);
        } else if (reason != Reason.BUFFER_OVERFLOW && !session.isClosed()) {
            endWhileDetaching(session, reason, NextStep.NO_TEXT);
        }
        // An overflow of a link that is being taken over ends nothing: its successor gets what this one did not take.
        // And where the end is decided, a successor that is to get what was sent before it still gets that.
    }

    /** The session's link has given back what its socket did not take. */
    void detached(Session session, List<ByteBuf> leftovers) {
        ClientPort last = session.link();
        LinkFacts facts = last.facts();
        session.count(facts);
        if (session.version3() == null && env.master().acknowledges()) {
            env.master().taken(session, facts.acknowledged());
        }
        NextStep step = session.detached();
        boolean isOver =
                step.kind() == NextStep.Kind.END || step.kind() == NextStep.Kind.LET_GO && !isHandedOver(session);
        if (isOver) {
            leftovers.forEach(ByteBuf::release);
        } else if (!leftovers.isEmpty()) {
            undelivered(session, session.nextDown()).giveBack(leftovers, facts);
        }
        ClientPort link = step.link();
        Reason reason = step.reason();
        switch (step.kind()) {
            case BECOME_STALE -> becomeStale(session, facts.whyLost());
            case MOVE -> {
                assert link != null;
                Metric how = step.isTakeover() ? Metric.SESSIONS_TAKEN_OVER : Metric.SESSIONS_RESUMED;
                FormerServer former = last instanceof FormerServer server ? server : null;
                if (attach(session, link, how, former) && reason == null) {
                    end(session, Reason.BUFFER_OVERFLOW, Detach.DISCARD);
                } else if (reason != null && session.isLive()) {
                    end(session, reason, step.text(), Detach.DELIVER);
                }
            }
            case END -> {
                assert reason != null;
                finish(session, reason, step.text());
            }
            case LET_GO -> gone(session, step.epoch());
        }
    }

    /**
     * The session is live on this link, or ends, because its client and the server do not agree on what was sent.
     *
     * @param former the server that the session comes from, if it comes from one
     * @return true if the session is live, and keeps more than it may
     */
    private boolean attach(Session session, ClientPort port, Metric how, @Nullable FormerServer former) {
        if (!session.fits(port)) {
            if (former == null && adoptions != null && session.isBehind(port) && adoptions.adoptsAnew(session, port)) {
                return false;
            }
            log.gap(session, port);
            finish(session, Reason.GAP, NextStep.NO_TEXT);
            port.refused(Refusal.GAP);
            return false;
        }
        session.attach(port);
        session.attachedAtNanos = now();
        session.resumes++;
        if (former != null && former.hasTold(port) && env.master().acknowledges()) {
            log.adopted(session);
        } else {
            env.master().resumed(session, how == Metric.SESSIONS_TAKEN_OVER);
        }
        env.counters().count(how);
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
        boolean isMuch = version3 != null && missed != null && missed.isMuch(settings, session.keepsMuch());
        boolean isOver = missed != null && missed.isOver(settings);
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

    private void detach(Session session, Detach how, NextStep step) {
        firehose.unblock(session);
        session.detaching(step);
        session.link().detach(how, step.reason(), step.text());
    }

    private void becomeStale(Session session, String cause) {
        if (!settings.keepsStale()) {
            finish(session, Reason.CLIENT_DISCONNECTED, NextStep.NO_TEXT);
            return;
        }
        if (session.undelivered != null && session.undelivered.isOver(settings)) {
            finish(session, Reason.MISSED_PACKETS_OVERFLOW, NextStep.NO_TEXT);
            return;
        }
        session.becomeStale();
        lookAtPace(session);
        stale.add(session);
        for (Session evicted = stale.toEvictFor(session, settings.maxStalePerIp());
                evicted != null;
                evicted = stale.toEvictFor(session, settings.maxStalePerIp())) {
            env.counters().count(Metric.EVICTED_PER_IP);
            evictions.overLimit(stale.holderOf(evicted), session.from());
            end(evicted, Reason.CLIENT_EVICTED, Detach.DISCARD);
        }
        while (stale.size() > settings.maxStale()) {
            Session evicted = stale.toEvict();
            evictions.full(stale.holderOf(evicted), session.from());
            end(evicted, Reason.CLIENT_EVICTED, Detach.DISCARD);
        }
        if (session.state() == Session.State.STALE) { // else it was evicted itself
            env.master().suspended(session, cause);
            timeChanged(session);
        }
    }

    private void timeChanged(Session session) {
        if (records != null) {
            records.timeChanged(session);
        }
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
    private void lookAtPace(Session session) {
        Undelivered kept = session.undelivered;
        if (kept != null) {
            paced(session, kept.isMuch(settings, session.keepsMuch()), kept.bytes());
        }
    }

    // ---- packets while it is not live ----

    /** A packet of the master's came for a session that is not live. {@code buf} stays the caller's. */
    void dataWhileNotLive(Session session, ByteBuf buf, int index, int length) {
        if (session.isClosed()) {
            session.tooLatePackets++;
            return;
        }
        Undelivered kept = undelivered(session, session.nextDown() - 1); // it is counted already
        if (session.successor() != null) {
            kept.keepForNextLink(buf, index, length); // its client is there: not missed, only late
        } else if (kept.hasRoomFor(length, settings)) {
            kept.keep(buf, index, length);
            env.counters().count(Metric.MISSED_KEPT);
            lookAtPace(session);
        } else {
            end(session, Reason.MISSED_PACKETS_OVERFLOW, Detach.DISCARD);
        }
    }

    /** @param next the number of the packet that comes next to those that are kept */
    private Undelivered undelivered(Session session, long next) {
        Undelivered undelivered = session.undelivered;
        if (undelivered == null) {
            undelivered = session.protocol().newUndelivered(env.allocator(), env.kept(), next);
            session.undelivered = undelivered;
        }
        return undelivered;
    }

    /** Drops everything that is kept for a session that is over. */
    void dropKept(Session session) {
        Version3Part version3 = session.version3();
        if (version3 != null) {
            env.budget().charge(-version3.takeHeldBytes());
        }
        dropUndelivered(session);
    }

    /** Drops the packets that are kept for a session. */
    void dropUndelivered(Session session) {
        Undelivered undelivered = session.undelivered;
        if (undelivered != null) {
            session.undelivered = null;
            env.counters().add(Metric.MISSED_DROPPED, undelivered.missed());
            undelivered.release();
        }
    }

    // ---- its end ----

    /** Ends a session for the master, with its own words, or for an operator. */
    void kick(Session session, byte[] text) {
        end(session, Reason.CLIENT_KICKED, text, Detach.DELIVER);
    }

    /** Ends a session, whatever its state. The first reason stands. */
    void end(Session session, Reason reason, Detach how) {
        end(session, reason, NextStep.NO_TEXT, how);
    }

    private void end(Session session, Reason reason, byte[] text, Detach how) {
        NextStep step = session.nextStep();
        switch (session.state()) {
            case LIVE -> detach(session, how, NextStep.end(reason, text));
            case STALE -> {
                stale.remove(session);
                finish(session, reason, text);
            }
            case DETACHING -> {
                if (step != null && step.kind() == NextStep.Kind.MOVE && how == Detach.DELIVER) {
                    session.detaching(step.andEnd(reason, text));
                } else {
                    endWhileDetaching(session, reason, text);
                }
            }
            case ENDED -> throw new AssertionError("an ended session is not in the table");
        }
    }

    private void endWhileDetaching(Session session, Reason reason, byte[] text) {
        if (session.isEnding()) {
            return;
        }
        ClientPort successor = session.successor();
        session.detaching(NextStep.end(reason, text));
        if (successor != null) {
            successor.refused(Refusal.UNKNOWN);
        }
        session.link().nextStepChanged();
    }

    /** The master no longer keeps what the client of an adopted session lacks. */
    void gap(Session session) {
        ClientPort successor = session.successor();
        if (successor == null) {
            end(session, Reason.GAP, Detach.DISCARD);
        } else {
            session.detaching(NextStep.end(Reason.GAP, NextStep.NO_TEXT));
            successor.refused(Refusal.GAP);
            session.link().nextStepChanged();
        }
    }

    private void finish(Session session, Reason reason, byte[] text) {
        session.end();
        table.remove(session);
        store.forget(session);
        if (records != null) {
            records.ended(session);
        }
        env.counters().count(Metric.ended(reason));
        log.ended(session, reason, now(), settings.logsEnds());
        dropKept(session);
        env.master().ended(session, reason, text);
        for (; session.tooLatePackets > 0; session.tooLatePackets--) {
            notFound(session.id);
        }
        onEnded.run();
    }

    /**
     * Gives up a session that another server has by now. The master is not told of an end, as the session lives on there.
     * A client that has come only lately may be right here, so that its link is not ended for good.
     *
     * @param epoch that of the other server
     * @param isInDoubt nobody here knows who is right, since the store does not answer: the client may come again
     */
    void letGo(Session session, long epoch, boolean isInDoubt) {
        NextStep step = NextStep.letGo(epoch);
        session.isLetGo |= !session.isEnding();
        switch (session.state()) {
            case LIVE -> {
                if (isInDoubt || session.resumes > 0 && now() - session.attachedAtNanos < LATELY_NANOS) {
                    firehose.unblock(session);
                    session.detaching(step);
                    session.link().detachForNow(Detach.GIVE_BACK);
                } else {
                    detach(session, Detach.GIVE_BACK, step);
                }
            }
            case STALE -> {
                stale.remove(session);
                gone(session, epoch);
            }
            case DETACHING -> {
                if (!session.isEnding()) {
                    ClientPort successor = session.successor();
                    session.detaching(step);
                    if (successor != null) {
                        successor.refused(isInDoubt ? Refusal.STORE_AWAY : Refusal.TAKEN_OVER);
                    }
                    session.link().nextStepChanged();
                }
            }
            case ENDED -> throw new AssertionError("an ended session is not in the table");
        }
    }

    /**
     * Gives up a session because this server stops. If the store has its record, it waits there for its client, which is
     * told to come again; else it ends.
     */
    void leave(Session session, Detach how) {
        if (records == null || !records.has(session)) {
            end(session, Reason.SERVER_STOPPING, how);
        } else if (!session.isClosed()) { // else it ends for a reason of its own
            letGo(session, session.epoch + 1, true);
        }
    }

    private boolean isHandedOver(Session session) {
        return handOvers != null && handOvers.areOfUseTo(session.protocol());
    }

    private void gone(Session session, long epoch) {
        session.end();
        table.remove(session);
        store.forget(session);
        if (records != null) {
            records.gone(session);
        }
        env.counters().count(Metric.SESSIONS_LET_GO);
        log.letGo(session);
        env.master().letGo(session);
        if (handOvers != null && isHandedOver(session)) {
            handOvers.give(session, epoch);
        }
        dropKept(session);
        onEnded.run();
    }

    /** Answers a packet for a session that there is not. */
    void notFound(long id) {
        boolean answered = env.master().notFound(id);
        env.counters().count(answered ? Metric.NOT_FOUND_ANSWERED : Metric.NOT_FOUND_DROPPED);
    }

    private long now() {
        return env.nanoClock().getAsLong();
    }
}
