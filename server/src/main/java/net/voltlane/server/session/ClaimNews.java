package net.voltlane.server.session;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.StoredRecord;

/**
 * The news that another server has claimed a session. It comes as a message that anybody who reaches the store may have
 * sent, that may be late, or of a claim which the store has forgotten since. So the record itself is looked up before the
 * session is let go. If that fails, the session stays: its next renewal tells, or the backend does. Belongs to the session
 * loop.
 */
final class ClaimNews {
    private final RecordKeeping keeping;
    private final SessionTable table;
    private final Records records;
    /** Sessions whose records are being looked up. */
    private final Set<Long> lookedUp = new HashSet<>();

    ClaimNews(RecordKeeping keeping, SessionTable table, Records records) {
        this.keeping = keeping;
        this.table = table;
        this.records = records;
    }

    void heard(Claimed by) {
        Session session = table.get(by.id());
        if (session == null || by.epoch() <= session.epoch() || !lookedUp.add(by.id())) {
            return;
        }
        keeping.store().find(by.id()).whenComplete((found, failure) -> {
            try {
                keeping.sessionLoop().execute(() -> {
                    lookedUp.remove(by.id());
                    if (found != null) {
                        judge(found);
                    }
                });
            } catch (RejectedExecutionException ended) {
                // the server has ended
            }
        });
    }

    private void judge(StoredRecord found) {
        Session session = table.get(found.id());
        if (session != null && !found.owner().equals(keeping.owner())) {
            records.elsewhere(session, new Claimed(found.id(), found.epoch(), found.owner()), false);
        }
    }
}
