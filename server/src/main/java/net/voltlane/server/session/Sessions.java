package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import net.voltlane.proof.SessionKey;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort.Detach;
import org.jspecify.annotations.Nullable;

/**
 * All sessions. Client links talk to them through the methods of the first group, the master's link through those of the
 * second; sessions talk to these links through {@link ClientPort} and {@link MasterPort}. An event for a session is
 * looked up here and passed on to {@link SessionLife}, which has the rules. Belongs to the session loop: no method may be
 * called elsewhere.
 */
public final class Sessions extends RecordedSessions {
    /** Takes the answer to {@link #find}. */
    @FunctionalInterface
    public interface FindOutcome {
        /** @param token the permission to resume the session; null if there is no such session */
        void found(@Nullable ResumeToken token);

        /** Nobody knows: the store of records is away, and this server has no such session. */
        default void unavailable() {
            found(null);
        }
    }

    private @Nullable Runnable onAllEnded;
    private boolean draining;

    /** @param random a cryptographic generator for ids: 64 random bits a call */
    public Sessions(SessionSettings settings, SessionEnvironment env, LongSupplier random) {
        this(settings, env, random, MemoryStore::new);
    }

    /**
     * Sessions with records outside of this process. They hear of the store from now on.
     *
     * @param random a cryptographic generator for ids: 64 random bits a call
     */
    public Sessions(SessionSettings settings, SessionEnvironment env, LongSupplier random, RecordKeeping keeping) {
        super(settings, env, random, MemoryStore::new, keeping);
    }

    /** @param stores makes the store, for the table of all sessions */
    Sessions(
            SessionSettings settings,
            SessionEnvironment env,
            LongSupplier random,
            Function<SessionTable, SessionStore> stores) {
        super(settings, env, random, stores, null);
    }

    // ---- events of client links

    /** Opens a session as {@link #open(ClientPort, byte[], byte[])} does, for a client without credentials. */
    public void open(ClientPort port, byte[] clientKey) {
        open(port, clientKey, null);
    }

    /**
     * Opens a session for a client that has shown a key that may be its own.
     *
     * @param credentials the client's for the master; null if it has shown none
     */
    public void open(ClientPort port, byte[] clientKey, byte @Nullable [] credentials) {
        assert owner.isCurrent() : "belongs to the session loop";
        if (isStopping() || isReleased()) {
            port.refused(Refusal.STOPPING);
        } else if (draining) {
            counters.count(Metric.REFUSED_DRAINING); // the guard had let it pass before
            port.refused(Refusal.DRAINING);
        } else if (openings != null) {
            openings.open(port, clientKey, credentials);
        } else {
            life.open(port, clientKey, credentials);
        }
    }

    /**
     * Finds the session that a client of this version could resume under this id. Changes nothing.
     *
     * @param then gets the permission to resume it, or null if there is no such session; at once or later
     */
    public void find(long id, ClientProtocol protocol, FindOutcome then) {
        assert owner.isCurrent() : "belongs to the session loop";
        claims.find(id, protocol, then);
    }

    /**
     * The key of a session of version 3 was computed, and is kept with it.
     *
     * @param clientKey the key of its client that was given for the computation, the same object
     * @param key null if there is none with such a key of the client's
     */
    public void sessionKeyComputed(long id, byte[] clientKey, @Nullable SessionKey key) {
        assert owner.isCurrent() : "belongs to the session loop";
        claims.keyComputed(id, clientKey, key);
    }

    /**
     * A link has proved that its client holds the key of this token. The session moves to it; a link that the session
     * still has is detached first.
     */
    public void resume(ClientPort port, ResumeToken token) {
        assert owner.isCurrent() : "belongs to the session loop";
        claims.claim(port, token);
    }

    /** The first packet of this link is queued for the master next, with nothing in between. */
    public void firstPacket(ClientPort port) {
        assert owner.isCurrent() : "belongs to the session loop";
        Session session = ofLink(port);
        if (session == null) {
            return;
        }
        if (!session.isKnownToMaster) {
            session.firstPacketPosition = master.firstPacket(session);
            session.isKnownToMaster = true;
        }
        master.dataFollows(session);
    }

    /** The link is lost: FIN, reset, error. It waits to be detached. */
    public void lost(ClientPort port) {
        assert owner.isCurrent() : "belongs to the session loop";
        Session session = port.session();
        if (session != null) {
            life.lost(session, port);
        } else if (claims.withdraw(port) || openings != null && openings.withdraw(port)) {
            port.refused(Refusal.UNKNOWN); // the session never knew of it
        } // else it was refused before
    }

    /** The link's client has ended its session. The link waits to be detached. */
    public void left(ClientPort port) {
        assert owner.isCurrent() : "belongs to the session loop";
        Session session = ofLink(port);
        if (session != null) {
            life.left(session);
        }
    }

    /** The link's client broke a rule that ends its session. The link waits to be detached. */
    public void violated(ClientPort port, Reason reason) {
        assert owner.isCurrent() : "belongs to the session loop";
        Session session = ofLink(port);
        if (session != null) {
            life.violated(session, reason);
        }
    }

    /**
     * The link's client has acknowledged this many packets of the master's, on all links of its session; in version 2, its
     * sockets have taken them.
     */
    public void acknowledged(ClientPort port, long packets) {
        assert owner.isCurrent() : "belongs to the session loop";
        Session session = ofLink(port);
        if (session != null) {
            life.packets.acknowledged(session, packets);
        }
    }

    /** The link keeps much for its client, from half of a bound on, or little again, from a quarter on: these bytes. */
    public void paced(ClientPort port, boolean isMuch, long bytes) {
        assert owner.isCurrent() : "belongs to the session loop";
        Session session = ofLink(port);
        if (session != null && session.isLive()) {
            life.packets.paced(session, isMuch, bytes);
        }
    }

    /** The link's client is over its bounds, and the policy is to wait for it. */
    public void blocked(ClientPort port) {
        assert owner.isCurrent() : "belongs to the session loop";
        Session session = ofLink(port);
        if (session != null && session.isLive()) {
            firehose.block(session);
        }
    }

    /** The link's client has caught up. */
    public void unblocked(ClientPort port) {
        assert owner.isCurrent() : "belongs to the session loop";
        Session session = ofLink(port);
        if (session != null) {
            firehose.unblock(session);
        }
    }

    /**
     * The link is detached. This is the last call for it, and comes behind its last data.
     *
     * @param leftovers frames that its socket has not wholly taken; the session takes them over
     */
    public void detached(ClientPort port, List<ByteBuf> leftovers) {
        assert owner.isCurrent() : "belongs to the session loop";
        Session session = ofLink(port);
        if (session != null && !isReleased()) {
            life.detached(session, leftovers);
        } else {
            leftovers.forEach(ByteBuf::release);
        }
    }

    // ---- events of the master

    /**
     * Data for a client. The {@link Tag#BYTES} bytes in front of {@code index} are free to be overwritten; {@code buf}
     * stays the caller's.
     */
    public void data(long id, ByteBuf buf, int index, int length) {
        assert owner.isCurrent() : "belongs to the session loop";
        Session session = table.get(id);
        if (session == null) {
            life.packets.notFound(id);
            return;
        }
        if (!session.isLive() && session.takesNothing()) {
            counters.count(Metric.NOT_FOUND_DROPPED);
            return;
        }
        counters.count(Metric.PACKETS_DOWN);
        counters.add(Metric.BYTES_DOWN, length);
        session.countDown(length);
        if (session.isLive()) {
            session.link().deliver(buf, index, length);
        } else {
            life.packets.whileNotLive(session, buf, index, length);
        }
    }

    /** Ends a session as {@link #kick(long, byte[])} does, without words of the master's own. */
    public boolean kick(long id) {
        return kick(id, NextStep.NO_TEXT);
    }

    /**
     * Ends a session for the master, or for an operator, once its client has got the packets sent before. The master is
     * told of the end in both cases.
     *
     * @param text the master's own words, in UTF-8; empty where there are none
     * @return false if there is no such session, its end is decided already, or the server has ended
     */
    public boolean kick(long id, byte[] text) {
        assert owner.isCurrent() : "belongs to the session loop";
        Session session = table.get(id);
        if (session == null || session.isClosed() || isReleased()) {
            return false;
        }
        life.end(session, Reason.CLIENT_KICKED, text, Detach.DELIVER);
        return true;
    }

    /**
     * Announces sessions on a new master link. A session whose first packet still waits is not announced here, but by that
     * packet.
     *
     * @param sentBytes how much of the stream to the master earlier links have taken, up to the end of the last whole
     *     packet; see {@link MasterPort#firstPacket}
     */
    public void announce(long sentBytes, LongConsumer reconnection) {
        assert owner.isCurrent() : "belongs to the session loop";
        for (Session session : table.all()) {
            if (session.hasClient() && session.wasSent(sentBytes)) {
                reconnection.accept(session.id);
            }
        }
    }

    // ---- time, and the operator

    /** Ends the stale sessions whose time is over, and forgets the pages that are turned no more. */
    public void reap() {
        assert owner.isCurrent() : "belongs to the session loop";
        pager.forgetOld();
        long now = nanoClock.getAsLong();
        long timeoutNanos = life.settings().staleTimeoutNanos();
        for (Session overdue = stale.overdue(now, timeoutNanos);
                overdue != null;
                overdue = stale.overdue(now, timeoutNanos)) {
            life.end(overdue, Reason.CLIENT_DISCONNECTED, Detach.DISCARD);
        }
    }

    /**
     * Replaces the settings, for all sessions and at once. Stale sessions above a lower bound on all of them are evicted
     * here; those above a lower bound for one address give way when the next session of that address goes stale.
     */
    public void settings(SessionSettings next) {
        assert owner.isCurrent() : "belongs to the session loop";
        life.settings(next);
    }

    /** Fails the sessions that hold most, if memory is over its limit. */
    public void shed() {
        assert owner.isCurrent() : "belongs to the session loop";
        for (Session session : MemoryShedding.toFail(table.all(), budget)) {
            life.end(session, Reason.MEMORY_LIMIT, Detach.DISCARD);
        }
    }

    /**
     * Opens no new sessions from now on, and begins to end those that there are. Clients can still resume theirs.
     *
     * @param nowNanos real time
     * @param timeoutNanos time for the drain, over 0
     */
    public SessionDrain drain(long nowNanos, long timeoutNanos) {
        assert owner.isCurrent() : "belongs to the session loop";
        draining = true;
        if (openings != null) {
            openings.refuseAll(Refusal.DRAINING);
        }
        return new SessionDrain(life, table, stale, nowNanos, timeoutNanos);
    }

    /**
     * Ends all sessions, but for those of which the store has a record: they wait there for another server, or for this one
     * to be started again. Opens no new ones. {@code onAllEnded} runs when no session is left.
     */
    public void stop(Runnable onAllEnded) {
        assert owner.isCurrent() : "belongs to the session loop";
        this.onAllEnded = onAllEnded;
        if (openings != null) {
            openings.refuseAll(Refusal.STOPPING);
        }
        if (table.isEmpty()) {
            oneEnded();
            return;
        }
        for (Session session : new ArrayList<>(table.all())) {
            life.leave(session, Detach.DELIVER); // the last one to end runs it
        }
    }

    @Override
    void oneEnded() {
        if (onAllEnded != null && table.isEmpty()) {
            if (records != null) {
                records.flush(); // the loop may run no more
            }
            onAllEnded.run();
        }
    }

    /** The session that has this link; null for a link that was refused, or still waits to become one's. */
    private static @Nullable Session ofLink(ClientPort port) {
        Session session = port.session();
        return session != null && session.port() == port ? session : null;
    }

    @Override
    boolean isStopping() {
        return onAllEnded != null;
    }

    @Override
    boolean isDraining() {
        return draining;
    }
}
