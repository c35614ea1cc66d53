package net.voltlane.server.session;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.store.SessionSecrets;
import org.jspecify.annotations.Nullable;

/**
 * New sessions whose records are being written: a client gets the id of its session once the record is there, so that it
 * never knows an id that only this process has. Until then there is no session, only a link that waits, as in its
 * handshake; nothing that its client sends is read. Where the store is away, {@link WhenAway} says what happens. Belongs to
 * the session loop.
 */
final class Openings {
    /** The number of new sessions that may wait at once. At this bound the store counts as away. */
    static final int MAX_WAITING = 1 << 14;
    /** The number of ids that are tried: a session somewhere else may have the first one. */
    private static final int IDS = 3;

    private final SessionTable table;
    private final SessionLife life;
    private final MemoryBudget budget;
    private final Counters counters;
    private final Records records;
    private final WhenAway whenAway;
    private final Map<ClientPort, Waiting> byLink = new HashMap<>();
    private final LongObjectMap<Waiting> byId = new LongObjectHashMap<>();

    Openings(SessionEnvironment env, SessionTable table, SessionLife life, Records records, WhenAway whenAway) {
        budget = env.budget();
        counters = env.counters();
        this.table = table;
        this.life = life;
        this.records = records;
        this.whenAway = whenAway;
    }

    /** A link that waits for its session. */
    private final class Waiting implements RecordBatches.Opening {
        final ClientPort port;
        private final byte[] clientKey;
        private final byte @Nullable [] credentials;
        long id;
        private int ids;
        private boolean isWaiting = true;

        Waiting(ClientPort port, byte[] clientKey, byte @Nullable [] credentials) {
            this.port = port;
            this.clientKey = clientKey;
            this.credentials = credentials;
        }

        void begin() {
            budget.charge(heldBytes());
            byLink.put(port, this);
            write();
        }

        private void write() {
            id = newId();
            ids++;
            byId.put(id, this);
            records.open(this);
        }

        void end() {
            isWaiting = false;
            byLink.remove(port);
            byId.remove(id);
            budget.charge(-heldBytes());
        }

        private int heldBytes() {
            return credentials == null ? 0 : credentials.length;
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public boolean isWaiting() {
            return isWaiting;
        }

        @Override
        public SessionSecrets secrets() {
            return new SessionSecrets(port.protocol().version(), clientKey, null, credentials);
        }

        @Override
        public void written(boolean isThere) {
            end();
            Openings.this.begin(port, id, clientKey, credentials, isThere);
        }

        @Override
        public void idIsTaken() {
            byId.remove(id);
            if (ids < IDS) {
                write();
            } else {
                end();
                away(port, clientKey, credentials);
            }
        }

        @Override
        public void failed() {
            end();
            records.forget(id); // nobody is told this id
            away(port, clientKey, credentials);
        }
    }

    /** Opens a session for this link, at once or when its record is there. */
    void open(ClientPort port, byte[] clientKey, byte @Nullable [] credentials) {
        if (!life.settings().keepsStale()) {
            begin(port, newId(), clientKey, credentials, false); // it ends with its link, here and everywhere
        } else if (!records.isUp() || byLink.size() >= MAX_WAITING) {
            away(port, clientKey, credentials);
        } else {
            new Waiting(port, clientKey, credentials).begin();
        }
    }

    private void away(ClientPort port, byte[] clientKey, byte @Nullable [] credentials) {
        if (whenAway == WhenAway.REFUSE) {
            counters.count(Metric.REFUSED_STORE_AWAY);
            port.refused(Refusal.STORE_AWAY);
        } else {
            counters.count(Metric.OPENED_WITHOUT_RECORD);
            begin(port, newId(), clientKey, credentials, false);
        }
    }

    private void begin(ClientPort port, long id, byte[] clientKey, byte @Nullable [] credentials, boolean isRecorded) {
        records.opened(life.open(port, id, Records.FIRST_EPOCH, clientKey, credentials), isRecorded);
    }

    private long newId() {
        long id = table.newId();
        while (byId.containsKey(id)) {
            id = table.newId();
        }
        return id;
    }

    // ---- before the answer

    /** Withdraws a link's opening, since the link is lost. Returns false if it has none. */
    boolean withdraw(ClientPort port) {
        Waiting opening = byLink.get(port);
        if (opening == null) {
            return false;
        }
        opening.end();
        records.forget(opening.id);
        return true;
    }

    /** Turns all away that wait: the server opens no sessions any more. */
    void refuseAll(Refusal why) {
        List<Waiting> all = new ArrayList<>(byLink.values());
        for (Waiting opening : all) {
            opening.end();
            records.forget(opening.id);
            if (why == Refusal.DRAINING) {
                counters.count(Metric.REFUSED_DRAINING);
            }
            opening.port.refused(why);
        }
    }

    /** Drops all that wait: the server has ended. */
    void release() {
        List.copyOf(byLink.values()).forEach(Waiting::end);
    }

    int waiting() {
        return byLink.size();
    }
}
