package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort.Detach;
import org.jspecify.annotations.Nullable;

/**
 * All sessions, and every rule of a session's life. Client links talk to it through the methods of the first group, the
 * master's link through those of the second; it talks to them through {@link ClientPort} and {@link MasterPort}.
 * Belongs to the session loop: no method may be called elsewhere.
 */
public final class Sessions {
    private SessionSettings settings;
    private final MasterPort master;
    private final ByteBufAllocator allocator;
    private final MemoryBudget budget;
    private final Counters counters;
    private final LongSupplier nanoClock;
    private final SessionIds ids;
    private final SessionLog log;

    private final LongObjectMap<Session> table = new LongObjectHashMap<>();
    final StaleSessions stale = new StaleSessions();
    private final EvictionLog evictions;
    private int blocking;
    private @Nullable Runnable onAllEnded;
    private boolean released;

    /**
     * @param nanoClock time for stale sessions, as {@link System#nanoTime}
     * @param random a cryptographic generator for ids: 64 random bits a call
     */
    public Sessions(
            SessionSettings settings,
            MasterPort master,
            ByteBufAllocator allocator,
            MemoryBudget budget,
            Counters counters,
            LongSupplier nanoClock,
            LongSupplier random) {
        this.settings = settings;
        this.master = master;
        this.allocator = allocator;
        this.budget = budget;
        this.counters = counters;
        this.nanoClock = nanoClock;
        ids = new SessionIds(random);
        log = new SessionLog();
        evictions = new EvictionLog(nanoClock);
    }

    // ---- what client links say ----

    /** A client has shown a valid key: a new session. */
    public void open(ClientPort port, byte[] clientKey) {
        if (isStopping()) {
            port.refused();
            return;
        }
        Session session = new Session(ids.next(table), clientKey, port.protocol(), port.from());
        table.put(session.id, session);
        session.port = port;
        port.session = session;
        counters.count(Metric.SESSIONS_OPENED);
        log.opened(session, port, nanoClock.getAsLong());
        port.opened(session.id);
    }

    /** The key of the session that could be resumed under this id; null if there is none. Changes nothing. */
    public byte @Nullable [] keyOf(long id) {
        Session session = table.get(id);
        return session != null && isResumable(session) ? session.clientKey : null;
    }

    /**
     * The link that the session under this id would give up for this resume; null where it has none, or would refuse.
     */
    public @Nullable ClientPort linkToReplace(long id, byte[] provedKey) {
        Session session = table.get(id);
        if (session == null || !mayResume(session, provedKey)) {
            return null;
        }
        return session.successor != null ? session.successor : session.port;
    }

    /**
     * A link has proved that it holds the key that {@link #keyOf} gave for this id. The session moves to it; a link
     * that it still has is detached first.
     */
    public void resume(ClientPort port, long id, byte[] provedKey) {
        Session session = table.get(id);
        if (session == null || !mayResume(session, provedKey)) {
            counters.count(Metric.RESUMES_REFUSED);
            log.tooLate(id, port);
            port.refused();
            return;
        }
        port.session = session;
        switch (session.state) {
            case STALE -> {
                stale.remove(session);
                attach(session, port);
            }
            case LIVE -> {
                counters.count(Metric.SESSIONS_TAKEN_OVER);
                log.takenOver(session, port);
                session.successor = port;
                detach(session, Detach.GIVE_BACK);
            }
            case DETACHING -> {
                ClientPort earlier = session.successor;
                if (earlier != null) {
                    earlier.session = null;
                    earlier.refused();
                }
                session.successor = port;
            }
        }
    }

    /** The first packet of this link is queued for the master next, with nothing in between. */
    public void firstPacket(ClientPort port) {
        Session session = port.session;
        if (session != null && session.port == port && !session.isKnownToMaster) {
            session.isKnownToMaster = true;
            session.firstPacketPosition = master.position();
        }
    }

    /** The link is lost: FIN, reset, error. It waits to be detached. */
    public void lost(ClientPort port) {
        Session session = port.session;
        if (session == null) {
            return; // refused before
        }
        if (session.successor == port) {
            counters.count(Metric.LINKS_LOST);
            session.successor = null;
            port.session = null;
            port.detach(Detach.DISCARD);
            session.lostAtNanos = nanoClock.getAsLong();
            if (session.endReasonOfSuccessor != null) {
                session.endReason = session.endReasonOfSuccessor;
            }
        } else if (session.state == Session.State.LIVE) {
            counters.count(Metric.LINKS_LOST);
            log.lost(session, port, settings);
            session.lostAtNanos = nanoClock.getAsLong();
            if (settings.keepsStale()) {
                detach(session, Detach.GIVE_BACK);
            } else {
                end(session, Reason.CLIENT_DISCONNECTED, Detach.DISCARD);
            }
        }
    }

    /** The link's client broke a rule that ends its session. The link waits to be detached. */
    public void violated(ClientPort port, Reason reason) {
        Session session = port.session;
        if (session == null || session.port != port) {
            return;
        }
        if (session.state == Session.State.LIVE) {
            end(session, reason, reason == Reason.BUFFER_OVERFLOW ? Detach.DISCARD : Detach.DELIVER);
        } else if (reason != Reason.BUFFER_OVERFLOW && !session.isClosed()) {
            endWhileDetaching(session, reason);
        }
        // An overflow of a link that is being taken over ends nothing: its successor gets what this one did not take.
        // And where the end is decided, a successor that is to get what was sent before it still gets that.
    }

    /** The link's client is over its bounds, and the policy is to wait for it. */
    public void blocked(ClientPort port) {
        Session session = port.session;
        if (session != null && session.port == port && session.state == Session.State.LIVE && !session.blocking) {
            session.blocking = true;
            if (blocking++ == 0) {
                counters.count(Metric.FIREHOSE_BLOCKED);
                master.block();
            }
        }
    }

    /** The link's client has caught up. */
    public void unblocked(ClientPort port) {
        Session session = port.session;
        if (session != null && session.port == port) {
            unblock(session);
        }
    }

    /**
     * The link's last word, behind its last data.
     *
     * @param leftovers what its socket has not wholly taken; this session's now
     */
    public void detached(ClientPort port, List<ByteBuf> leftovers) {
        Session session = port.session;
        port.session = null;
        if (session == null || session.port != port || released) {
            leftovers.forEach(ByteBuf::release);
            return;
        }
        session.port = null;
        log.detached(session, port);
        if (session.isEnding()) {
            leftovers.forEach(ByteBuf::release);
            finish(session);
            return;
        }
        if (!leftovers.isEmpty()) {
            undelivered(session).giveBack(leftovers);
        }
        ClientPort successor = session.successor;
        if (successor != null) {
            session.successor = null;
            attach(session, successor);
        } else {
            becomeStale(session);
        }
    }

    // ---- what the master says ----

    /**
     * Data for a client. The {@link Tag#BYTES} bytes in front of {@code index} are free to be overwritten; {@code buf}
     * stays the caller's.
     */
    public void data(long id, ByteBuf buf, int index, int length) {
        Session session = table.get(id);
        if (session == null) {
            notFound(id);
            return;
        }
        counters.count(Metric.PACKETS_DOWN);
        counters.add(Metric.BYTES_DOWN, length);
        if (session.history != null) {
            session.history.down(length);
        }
        if (session.state == Session.State.LIVE) {
            linkOf(session).deliver(buf, index, length);
        } else if (session.isClosed()) {
            session.tooLatePackets++;
        } else if (session.successor != null) {
            undelivered(session).keepForNextLink(buf, index, length); // its successor is there: not missed, only late
        } else {
            keep(session, buf, index, length);
        }
    }

    /** The master wants this session ended, after what it sent before. */
    public void kick(long id) {
        Session session = table.get(id);
        if (session != null) {
            end(session, Reason.CLIENT_KICKED, Detach.DELIVER);
        }
    }

    /**
     * A new master link begins: the ids to announce on it. A session whose first packet still waits is not among them:
     * that packet announces it.
     *
     * @param sentBytes how much of the stream to the master earlier links have taken, up to the end of the last whole
     *     packet; see {@link MasterPort#position}
     */
    public void announce(long sentBytes, LongConsumer reconnection) {
        for (Session session : table.values()) {
            boolean live = session.state == Session.State.LIVE || session.successor != null;
            if (live && session.wasSent(sentBytes) && !session.isEnding()) {
                reconnection.accept(session.id);
            }
        }
    }

    // ---- what time and the operator say ----

    /** Ends the stale sessions whose time is over. */
    public void reap() {
        long now = nanoClock.getAsLong();
        for (Session overdue = stale.overdue(now, settings.staleTimeoutNanos());
                overdue != null;
                overdue = stale.overdue(now, settings.staleTimeoutNanos())) {
            end(overdue, Reason.CLIENT_DISCONNECTED, Detach.DISCARD);
        }
    }

    /**
     * Replaces the settings, for all sessions and at once. Stale sessions above a lower bound on all of them are evicted
     * here; those above a lower bound for one address give way when the next session of that address goes stale.
     */
    public void settings(SessionSettings next) {
        settings = next;
        while (stale.size() > settings.maxStale()) {
            Session evicted = stale.toEvict();
            evictions.lowered(stale.holderOf(evicted));
            end(evicted, Reason.CLIENT_EVICTED, Detach.DISCARD);
        }
    }

    /** Where memory is over its limit: fails the sessions that hold most. */
    public void shed() {
        for (Session session : MemoryShedding.toFail(table.values(), budget)) {
            end(session, Reason.MEMORY_LIMIT, Detach.DISCARD);
        }
    }

    /** Ends all sessions; no new ones are opened. {@code onAllEnded} runs when the last one has. */
    public void stop(Runnable onAllEnded) {
        this.onAllEnded = onAllEnded;
        if (table.isEmpty()) {
            onAllEnded.run();
            return;
        }
        for (Session session : new ArrayList<>(table.values())) {
            end(session, Reason.SERVER_STOPPING, Detach.DELIVER); // the last one to end runs it
        }
    }

    /** Drops what is held for anybody, and keeps no leftovers from now on; the server has ended. */
    public void release() {
        released = true;
        for (Session session : table.values()) {
            drop(session);
        }
    }

    public int size() {
        return table.size();
    }

    public long staleSize() {
        return stale.size();
    }

    // ---- the transitions ----

    private void attach(Session session, ClientPort port) {
        session.state = Session.State.LIVE;
        session.port = port;
        session.from = port.from();
        if (session.isKnownToMaster) {
            master.reconnection(session.id);
        } // else its first packet will tell: a Reconnection of a session that it does not know helps no backend
        counters.count(Metric.SESSIONS_RESUMED);
        Undelivered missed = session.undelivered;
        session.undelivered = null;
        log.resumed(session, port, missed == null ? 0 : missed.packets());
        port.resumed(session.id, missed == null ? List.of() : missed.take());
        if (session.endReasonOfSuccessor != null) {
            end(session, session.endReasonOfSuccessor, Detach.DELIVER);
        }
    }

    private void detach(Session session, Detach how) {
        session.state = Session.State.DETACHING;
        unblock(session);
        linkOf(session).detach(how);
    }

    private void becomeStale(Session session) {
        if (!settings.keepsStale()) {
            session.endReason = Reason.CLIENT_DISCONNECTED;
            finish(session);
            return;
        }
        session.state = Session.State.STALE;
        stale.add(session);
        for (Session evicted = stale.toEvictFor(session, settings.maxStalePerIp());
                evicted != null;
                evicted = stale.toEvictFor(session, settings.maxStalePerIp())) {
            counters.count(Metric.EVICTED_PER_IP);
            evictions.overLimit(stale.holderOf(evicted), session.from);
            end(evicted, Reason.CLIENT_EVICTED, Detach.DISCARD);
        }
        while (stale.size() > settings.maxStale()) {
            Session evicted = stale.toEvict();
            evictions.full(stale.holderOf(evicted), session.from);
            end(evicted, Reason.CLIENT_EVICTED, Detach.DISCARD);
        }
    }

    private void keep(Session session, ByteBuf buf, int index, int length) {
        Undelivered undelivered = undelivered(session);
        if (undelivered.hasRoomFor(length, settings)) {
            undelivered.keep(buf, index, length);
        } else {
            end(session, Reason.MISSED_PACKETS_OVERFLOW, Detach.DISCARD);
        }
    }

    /** Ends a session in whatever state it is. */
    private void end(Session session, Reason reason, Detach how) {
        switch (session.state) {
            case LIVE -> {
                session.endReason = reason;
                detach(session, how);
            }
            case STALE -> {
                stale.remove(session);
                session.endReason = reason;
                finish(session);
            }
            case DETACHING -> {
                if (session.successor != null && how == Detach.DELIVER) {
                    if (session.endReasonOfSuccessor == null) {
                        session.endReasonOfSuccessor = reason;
                    }
                } else {
                    endWhileDetaching(session, reason);
                }
            }
        }
    }

    private void endWhileDetaching(Session session, Reason reason) {
        if (session.isEnding()) {
            return;
        }
        session.endReason = reason;
        ClientPort successor = session.successor;
        if (successor != null) {
            session.successor = null;
            successor.session = null;
            successor.refused();
        }
    }

    private void finish(Session session) {
        Reason reason = session.endReason;
        assert reason != null;
        table.remove(session.id);
        ids.ended(session.id);
        counters.count(Metric.ended(reason));
        log.ended(session, reason, nanoClock.getAsLong());
        drop(session);
        if (session.isKnownToMaster) {
            master.failure(session.id, reason);
        }
        for (; session.tooLatePackets > 0; session.tooLatePackets--) {
            notFound(session.id);
        }
        if (onAllEnded != null && table.isEmpty()) {
            onAllEnded.run();
        }
    }

    private void notFound(long id) {
        if (master.isAtBound()) {
            counters.count(Metric.NOT_FOUND_DROPPED);
        } else {
            counters.count(Metric.NOT_FOUND_ANSWERED);
            master.failure(id, Reason.CLIENT_NOT_FOUND);
        }
    }

    private void unblock(Session session) {
        if (session.blocking) {
            session.blocking = false;
            if (--blocking == 0) {
                master.unblock();
            }
        }
    }

    private boolean mayResume(Session session, byte[] provedKey) {
        return session.clientKey == provedKey && isResumable(session) && !isStopping();
    }

    private boolean isResumable(Session session) {
        if (session.isClosed()) {
            return false;
        }
        if (session.state == Session.State.LIVE || session.successor != null) {
            return true;
        }
        return settings.keepsStale() && !session.isOverdue(nanoClock.getAsLong(), settings.staleTimeoutNanos());
    }

    private boolean isStopping() {
        return onAllEnded != null;
    }

    private Undelivered undelivered(Session session) {
        Undelivered undelivered = session.undelivered;
        if (undelivered == null) {
            undelivered = session.protocol.newUndelivered(allocator, budget);
            session.undelivered = undelivered;
        }
        return undelivered;
    }

    private static void drop(Session session) {
        Undelivered undelivered = session.undelivered;
        if (undelivered != null) {
            session.undelivered = null;
            undelivered.release();
        }
    }

    private static ClientPort linkOf(Session session) {
        ClientPort port = session.port;
        assert port != null : "only a stale session has no link";
        return port;
    }
}
