package net.voltlane.server.session;

import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import net.voltlane.proof.SessionKey;
import net.voltlane.server.link.Owner;
import org.jspecify.annotations.Nullable;

/**
 * The way of clients back to their sessions: finds the session that a client asks for, and claims it from the store for
 * a link whose client has proved itself. Belongs to the session loop.
 */
final class Claims {
    private final Owner owner;
    private final SessionTable table;
    private final SessionStore store;
    private final SessionLife life;
    private final LongSupplier nanoClock;
    private final BooleanSupplier isStopping;
    /** Links whose claim the store has not settled yet. Empty but for stores that take their time. */
    private final Set<ClientPort> unsettled = new HashSet<>();

    /** The sessions of other servers; null if there are none. */
    private @Nullable Adoptions adoptions;

    /** @param isStopping true once no session is opened or resumed any more */
    Claims(
            SessionEnvironment env,
            SessionTable table,
            SessionStore store,
            SessionLife life,
            BooleanSupplier isStopping) {
        owner = env.owner();
        nanoClock = env.nanoClock();
        this.table = table;
        this.store = store;
        this.life = life;
        this.isStopping = isStopping;
    }

    /** Finds and claims sessions of other servers from now on. */
    void adoptions(Adoptions next) {
        adoptions = next;
    }

    /** Gives {@code then} the permission to resume this session, or null if there is no such session of this version. */
    void find(long id, ClientProtocol protocol, Sessions.FindOutcome then) {
        Adoptions others = adoptions;
        store.find(id, record -> {
            if (record == null && others != null) {
                others.find(id, protocol, then);
            } else if (isLetGo(record)) {
                then.unavailable(); // until it is gone from the table
            } else {
                then.found(isResumable(record, protocol) ? new ResumeToken(record) : null);
            }
        });
    }

    /** Keeps the computed key of a session of version 3 with it, if the session is still the one with this client's key. */
    void keyComputed(long id, byte[] clientKey, @Nullable SessionKey key) {
        Session session = table.get(id);
        Version3Part version3 = session == null ? null : session.version3();
        if (session != null && version3 != null && session.clientKey() == clientKey) {
            version3.keyComputed(key);
        }
    }

    /** Moves the session of this token to a link whose client has proved itself, or turns the link away. */
    void claim(ClientPort port, ResumeToken token) {
        if (token.record() instanceof FoundRecord record && adoptions != null) {
            adoptions.claim(port, record);
            return;
        }
        unsettled.add(port);
        store.claim(token, granted -> settled(port, token, granted));
    }

    /** Withdraws a link's claim, since the link is lost. Returns false if it has none, or that is settled. */
    boolean withdraw(ClientPort port) {
        return unsettled.remove(port) || adoptions != null && adoptions.withdraw(port);
    }

    private void settled(ClientPort port, ResumeToken token, boolean granted) {
        assert owner.isCurrent() : "belongs to the session loop";
        if (!unsettled.remove(port)) {
            return; // lost meanwhile
        }
        SessionRecord record = token.record();
        boolean isThere = granted && !isStopping.getAsBoolean() && isResumable(record, port.protocol());
        Session session = isThere && !token.isOutdated() ? table.get(record.id()) : null;
        ClientPort replaced = session == null ? null : session.linkToReplace();
        boolean isTaken = replaced == null ? port.takeSession() : replaced.yieldSession(port::takeSession);
        if (!isTaken) {
            return;
        }
        if (session != null) {
            life.resume(session, port);
        } else {
            life.refuse(port, record.id(), isThere ? Refusal.TAKEN_OVER : tooLate(record));
        }
    }

    private Refusal tooLate(SessionRecord record) {
        if (isStopping.getAsBoolean()) {
            return Refusal.STOPPING;
        }
        return isLetGo(record) ? Refusal.STORE_AWAY : Refusal.UNKNOWN;
    }

    /** True if another server has the session, so that its client is to ask again. */
    private static boolean isLetGo(@Nullable SessionRecord record) {
        return record instanceof Session session && session.isLetGo();
    }

    private boolean isResumable(@Nullable SessionRecord record, ClientProtocol protocol) {
        if (record == null || record.protocol() != protocol) {
            return false;
        }
        Session session = table.get(record.id());
        if (session != record || session.isClosed()) {
            return false;
        }
        SessionSettings settings = life.settings();
        return session.hasClient()
                || settings.keepsStale() && !session.isOverdue(nanoClock.getAsLong(), settings.staleTimeoutNanos());
    }
}
