package net.voltlane.backend;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a {@link Firehose}, and the claims by which two firehoses agree on who handles a session that moves.
 * Only the reader changes the table.
 */
final class HeldSessions {
    private final Firehose firehose;
    /** Replaced under the directory's lock only, when another link goes on with the sessions of a server. */
    private volatile SessionTable table = new SessionTable();

    /** True if the last handler call has returned. Guarded by the directory's lock, as is the time. */
    private boolean released;

    private long releasedNanos;

    /**
     * The session that a handler call may be about. Its reader claims it first, and then looks whether the session is still
     * its own; another reader takes it over first, and then waits until it is not claimed.
     */
    private volatile @Nullable Session handling;

    /**
     * Sessions in the table that another firehose has taken over: only the reader changes the table. Guarded by the
     * directory's lock.
     */
    private final Set<Session> strays = new HashSet<>();

    HeldSessions(Firehose firehose) {
        this.firehose = firehose;
    }

    // ---- sessions that move to another firehose

    /**
     * Claims a session for handler calls. For the reader.
     *
     * @return false if another firehose has the session
     */
    boolean claims(Session session) {
        if (handling != session) {
            handling = session;
        }
        if (session.firehose() == firehose) {
            return true;
        }
        handling = null;
        return false;
    }

    /** Ends the claim, as no handler call runs. For the reader. */
    void claimsNothing() {
        if (handling != null) {
            handling = null;
        }
    }

    /** Tells whether a handler call about a session may run. */
    boolean isHandling(Session session) {
        return handling == session;
    }

    /** Takes a session out of the table, now or when the reader or the directory can. */
    void takeOut(Session session) {
        if (released || firehose.isReader()) {
            table.remove(session);
        } else {
            strays.add(session);
        }
    }

    /** Takes sessions out of the table that another firehose has. For the reader, or when that has ended. */
    void dropStrays() {
        strays.forEach(table::remove);
        strays.clear();
    }

    /** Returns a session of this firehose that no other one has taken over. Under the directory's lock. */
    @Nullable
    Session own(long id) {
        Session session = table.get(id);
        return session == null || strays.contains(session) ? null : session;
    }

    /** Hands on the sessions that no other firehose has taken over. Under the directory's lock. */
    void forEachOwn(Consumer<Session> action) {
        table.forEach(session -> {
            if (!strays.contains(session)) {
                action.accept(session);
            }
        });
    }

    /** Returns the number of sessions that no other firehose has taken over. Under the directory's lock. */
    int owned() {
        return table.size() - strays.size();
    }

    // ---- for the directory

    SessionTable table() {
        return table;
    }

    void exchangeTables(HeldSessions other) {
        SessionTable others = other.table;
        other.table = table;
        table = others;
    }

    /** Called when no handler call of the firehose runs any more: others may take its sessions over. */
    void released(long nowNanos) {
        handling = null;
        dropStrays();
        released = true;
        releasedNanos = nowNanos;
    }

    boolean isReleased() {
        return released;
    }

    long releasedNanos() {
        return releasedNanos;
    }
}
