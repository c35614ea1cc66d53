package net.voltlane.server.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place in memory in which several servers keep records, each through a {@link FakeRecordStore} of its own. Time is moved
 * by hand. Thread-safe, so that the contract can be tried on it from several threads.
 */
public final class FakeStorage {
    private record Kept(StoredRecord record, long untilMillis) {}

    private Map<Long, Kept> records = new HashMap<>();
    private Map<Long, Kept> marked = new HashMap<>();
    private final Set<Long> everPut = new HashSet<>();
    private final List<FakeRecordStore> stores = new ArrayList<>();
    final FakeFleet.Shared fleet = new FakeFleet.Shared(this);
    private final boolean isShared;
    private long nowMillis;

    /** A place for several servers. */
    public FakeStorage() {
        this(true);
    }

    /** @param isShared false for a place that belongs to one server, like a file */
    public FakeStorage(boolean isShared) {
        this.isShared = isShared;
    }

    // ---- called by tests

    /** Opens the store for a server. It is up, and answers at once, until the test says otherwise. */
    public synchronized FakeRecordStore open(String owner, RecordStore.Listener listener) {
        FakeRecordStore store = new FakeRecordStore(this, owner, listener);
        stores.add(store);
        listener.up();
        return store;
    }

    /** Some time passes for records, members and bans. */
    public synchronized void passes(Duration time) {
        nowMillis += time.toMillis();
        fleet.timePassed();
    }

    /** From now on, {@link #forgetsSinceMark} forgets what is done. */
    public synchronized void mark() {
        marked = new HashMap<>(records);
    }

    /** The store is back as it was at the mark, as one that writes to its disk once a second is after it was killed. */
    public synchronized void forgetsSinceMark() {
        records = new HashMap<>(marked);
    }

    /** Loses all records, as a Redis that is restarted without persistence. */
    public synchronized void losesRecords() {
        records.clear();
    }

    /** Loses all bans, as a Redis that is restarted without persistence. */
    public synchronized void losesBans() {
        fleet.losesBans();
    }

    /** The store is back, and empty. */
    public synchronized void forgetsAll() {
        records = new HashMap<>();
        marked = new HashMap<>();
    }

    /** The record as it stands; null if there is none, or its time is over. */
    public synchronized @Nullable StoredRecord get(long id) {
        Kept kept = records.get(id);
        return kept == null || kept.untilMillis <= nowMillis ? null : kept.record;
    }

    /** All records whose time is not over, in the order of their ids. */
    public synchronized List<StoredRecord> all() {
        return records.keySet().stream()
                .sorted()
                .map(this::get)
                .filter(Objects::nonNull)
                .toList();
    }

    /** The number of sessions that ever had a record. */
    public synchronized int everPut() {
        return everPut.size();
    }

    /** The time for which the record is still kept, in milliseconds; 0 if there is none. */
    public synchronized long keptMillis(long id) {
        return get(id) == null ? 0 : Objects.requireNonNull(records.get(id)).untilMillis - nowMillis;
    }

    /** The number of records whose time is not over. */
    public synchronized int size() {
        return (int) records.keySet().stream().filter(id -> get(id) != null).count();
    }

    // ---- called by the stores of this place

    boolean isShared() {
        return isShared;
    }

    long nowMillis() {
        return nowMillis;
    }

    List<FakeRecordStore> stores() {
        return stores;
    }

    synchronized void closed(FakeRecordStore store) {
        stores.remove(store);
    }

    synchronized List<Claimed> put(List<StoredRecord> batch) {
        List<Claimed> refused = new ArrayList<>();
        for (StoredRecord record : batch) {
            assert record.sealed().length > 0 && record.sealed().length <= StoredRecord.MAX_SEALED_BYTES;
            StoredRecord standing = get(record.id());
            if (standing != null && isAhead(standing, record.epoch(), record.owner())) {
                refused.add(claimed(standing));
            } else {
                set(record, record.keepMillis());
                everPut.add(record.id());
            }
        }
        return refused;
    }

    synchronized boolean claim(long id, long seenEpoch, long nextEpoch, String owner, long keepMillis) {
        assert nextEpoch > seenEpoch;
        StoredRecord standing = get(id);
        if (standing == null || standing.epoch() != seenEpoch) {
            return false;
        }
        set(new StoredRecord(id, nextEpoch, owner, standing.sealed(), keepMillis), keepMillis);
        if (isShared && !standing.owner().equals(owner)) {
            for (FakeRecordStore store : List.copyOf(stores)) {
                store.wasClaimed(standing.owner(), new Claimed(id, nextEpoch, owner));
            }
        }
        return true;
    }

    synchronized List<Claimed> keep(String owner, List<Held> batch) {
        List<Claimed> others = new ArrayList<>();
        for (Held held : batch) {
            StoredRecord standing = get(held.id());
            if (standing != null && standing.owner().equals(owner) && standing.epoch() <= held.epoch()) {
                set(standing, held.keepMillis());
            } else {
                others.add(standing == null ? Claimed.gone(held.id()) : claimed(standing));
            }
        }
        return others;
    }

    synchronized void forget(String owner, List<Held> batch) {
        for (Held held : batch) {
            StoredRecord standing = get(held.id());
            if (standing != null && standing.owner().equals(owner) && standing.epoch() <= held.epoch()) {
                records.remove(held.id());
            }
        }
    }

    private void set(StoredRecord record, long keepMillis) {
        assert keepMillis > 0;
        records.put(record.id(), new Kept(record, nowMillis + keepMillis));
    }

    private static boolean isAhead(StoredRecord standing, long epoch, String owner) {
        return standing.epoch() > epoch
                || standing.epoch() == epoch && !standing.owner().equals(owner);
    }

    private static Claimed claimed(StoredRecord standing) {
        return new Claimed(standing.id(), standing.epoch(), standing.owner());
    }
}
