package net.voltlane.server.session;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The store of a server whose sessions end with its process: the records are the sessions of the table themselves, so
 * that nothing is kept twice. Answers in the same call. Belongs to the session loop.
 */
final class MemoryStore implements SessionStore {
    private final SessionTable table;

    MemoryStore(SessionTable table) {
        this.table = table;
    }

    @Override
    public void find(long id, Consumer<@Nullable SessionRecord> then) {
        then.accept(table.get(id));
    }

    @Override
    public void claim(ResumeToken token, ClaimOutcome then) {
        SessionRecord record = token.record();
        then.settled(table.get(record.id()) == record);
    }

    /** The table has forgotten it already. */
    @Override
    public void forget(SessionRecord record) {
        assert table.get(record.id()) != record : "still in the table";
    }
}
