package net.voltlane.server.store;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A place outside of the server's process in which records of sessions are kept. A store never decides what happens to a
 * session; it settles one thing, which is the order of claims: the epoch of a record only rises, and owner and epoch
 * change together.
 *
 * <p>Every method may be called on any thread, and returns at once: it never waits for a disk or a network. Its answer
 * completes on a thread of the store's, in any order, exactly once, and exceptionally with a {@link StoreException} where
 * the store can't be reached, has failed, has not answered within {@code store.timeout_ms}, or has too many questions that
 * wait already. What was asked then may have been done or not. Calls are done in the order in which one thread makes them,
 * as far as they are about the same session.
 */
public interface RecordStore extends AutoCloseable {

    /**
     * Writes records, new ones and ones that were there before. A record that stands with a higher epoch, or with the same
     * epoch and another owner, is not replaced. The others are written, whatever happens to these.
     *
     * @return those that were not written, with what stands in the store
     */
    CompletionStage<List<Claimed>> put(List<StoredRecord> records);

    /** Finds a record; null if there is none, or its time is over. */
    CompletionStage<@Nullable StoredRecord> find(long id);

    /**
     * Gives a session another owner, if its record still has the epoch that the claimer has seen. In one step the record
     * gets the new owner, the new epoch, and its new time. The former owner is told by {@link Listener#claimed} if it uses
     * the same store.
     *
     * @param seenEpoch the epoch that the record must have
     * @param nextEpoch the epoch that it gets, over {@code seenEpoch}
     * @param owner the new owner
     * @param keepMillis as in {@link StoredRecord#keepMillis}
     * @return true if the session is the new owner's; false if the record is gone, or has another epoch
     */
    CompletionStage<Boolean> claim(long id, long seenEpoch, long nextEpoch, String owner, long keepMillis);

    /**
     * Gives records of this server's another time, counted from now on.
     *
     * @param owner this server
     * @return those that another server has, with what stands in the store, and those of which there is no record
     */
    CompletionStage<List<Claimed>> keep(String owner, List<Held> records);

    /** Removes records of this server's, except those that another one has by now. */
    CompletionStage<@Nullable Void> forget(String owner, List<Held> records);

    /**
     * True if the store answers, as far as is known. While it is false, calls fail at once. Any thread.
     */
    boolean isUp();

    /**
     * The exchange with other servers, where the store can be used by several; null where it belongs to one server, like a
     * file.
     */
    @Nullable
    Fleet fleet();

    /** Facts for people and for figures: records and bytes, as far as the store knows them without counting. */
    StoreFacts facts();

    /**
     * Ends the work with the store, within two seconds. What was asked before is still done as far as time allows; the
     * answers of the rest complete exceptionally.
     */
    @Override
    void close();

    /** Hears what happens in the store. Called on threads of the store's, and must not block. */
    interface Listener {
        /** Another server has claimed this session from {@code formerOwner}, which is this server. */
        void claimed(Claimed by);

        /** The store is there, from the start or again; records may have been lost meanwhile. */
        void up();

        /** The store can't be reached or has failed. Comes once, until {@link #up}. */
        void down(StoreException why);
    }
}
