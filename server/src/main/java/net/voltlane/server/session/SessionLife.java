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
    /** The packets that wait for clients without a link. */
    final UndeliveredPackets packets;
    /** The end here of sessions that other servers have. */
    final LettingGo lettingGo;

    private final SessionLog log = new SessionLog();
    private final EvictionLog evictions;
    private SessionSettings settings;
    /** The records of sessions outside of this process; null if there are none. */
    private @Nullable Records records;

    private @Nullable Adoptions adoptions;

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
        packets = new UndeliveredPackets(env, this);
        lettingGo = new LettingGo(env, this, stale, firehose);
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
        session.epoch(epoch);
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
                FormerServer former = session.former();
                if (former == null) {
                    attach(session, port, Metric.SESSIONS_RESUMED, null);
                } else {
                    former.again(session, port);
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
        boolean isOver = step.kind() == NextStep.Kind.END
                || step.kind() == NextStep.Kind.LET_GO && !lettingGo.isHandedOver(session);
        if (isOver) {
            leftovers.forEach(ByteBuf::release);
        } else if (!leftovers.isEmpty()) {
            packets.giveBack(session, leftovers, facts);
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
            case LET_GO -> lettingGo.gone(session, step.epoch());
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
        session.attachedAtNanos(now());
        session.resumes++;
        if (former != null && former.hasTold(port) && env.master().acknowledges()) {
            log.adopted(session);
        } else {
            env.master().resumed(session, how == Metric.SESSIONS_TAKEN_OVER);
        }
        env.counters().count(how);
        return packets.replay(session, port);
    }

    void detach(Session session, Detach how, NextStep step) {
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
        packets.lookAtPace(session);
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

    // ---- its end ----

    /** Ends a session, whatever its state. The first reason stands. */
    void end(Session session, Reason reason, Detach how) {
        end(session, reason, NextStep.NO_TEXT, how);
    }

    /** Ends a session with this text for its client. */
    void end(Session session, Reason reason, byte[] text, Detach how) {
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
        leavesTable(session);
        if (records != null) {
            records.ended(session);
        }
        env.counters().count(Metric.ended(reason));
        log.ended(session, reason, now(), settings.logsEnds());
        packets.dropKept(session);
        env.master().ended(session, reason, text);
        lettingGo.ended(session, reason);
        for (; session.tooLatePackets > 0; session.tooLatePackets--) {
            packets.notFound(session.id);
        }
        oneEnded();
    }

    /**
     * Another server has the session, and it is over here.
     *
     * @return true if the master was told of it by this server
     */
    boolean gone(Session session) {
        leavesTable(session);
        if (records != null) {
            records.gone(session);
        }
        env.counters().count(Metric.SESSIONS_LET_GO);
        log.letGo(session);
        return env.master().letGo(session);
    }

    private void leavesTable(Session session) {
        session.end();
        table.remove(session);
        store.forget(session);
    }

    /**
     * Gives up a session because this server stops. If the store has its record, it waits there for its client, which is
     * told to come again; else it ends.
     */
    void leave(Session session, Detach how) {
        if (records == null || !records.has(session)) {
            end(session, Reason.SERVER_STOPPING, how);
        } else if (!session.isClosed()) { // else it ends for a reason of its own
            lettingGo.letGo(session, session.epoch() + 1, true);
        }
    }

    /** Runs what is to run behind everything that the end of a session brings about. */
    void oneEnded() {
        onEnded.run();
    }

    private long now() {
        return env.nanoClock().getAsLong();
    }
}
