package net.voltlane.store.file;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.Held;
import net.voltlane.server.store.StoredRecord;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * The records, and the rules by which they change: epochs only rise, and what is over its time is not there. Times are
 * absolute, in milliseconds of the wall clock, so that they go on while the server is down. Who has which session is in
 * memory as well, about 100 bytes for each. Nothing is in the file before {@link StoreFile#commit}. Belongs to the worker.
 */
final class Records {
    /** The least number of times that are looked at in one go for those that are over. */
    private static final int MIN_SLICE = 1_000;
    /** The number of slices in which all times are looked at. */
    private static final int SLICES = 120;

    private final MVMap<Long, Kept> records;
    private final MVMap<Long, Long> overAt;
    private final Map<Long, Entry> byId = new HashMap<>();
    private final Map<String, String> owners = new HashMap<>();
    private long lastNumber;
    private long sweptTo;

    /**
     * Reads everything, and with it every page of the file that counts.
     *
     * @param records by number
     * @param overAt the time at which each record is over, by the record's number
     * @throws org.h2.mvstore.MVStoreException for a page or a record that can't be read
     */
    Records(MVMap<Long, Kept> records, MVMap<Long, Long> overAt) {
        this.records = records;
        this.overAt = overAt;
        Cursor<Long, Kept> all = records.cursor(null);
        Cursor<Long, Long> times = overAt.cursor(null);
        while (all.hasNext() && times.hasNext()) {
            lastNumber = all.next();
            if (times.next() != lastNumber) {
                throw new IllegalStateException("a record without a time");
            }
            Kept kept = all.getValue();
            byId.put(kept.id(), new Entry(lastNumber, kept.epoch(), one(kept.owner()), times.getValue()));
        }
        if (all.hasNext() || times.hasNext()) {
            throw new IllegalStateException("a record without a time");
        }
    }

    List<Claimed> put(List<StoredRecord> all, long nowMillis) {
        List<Claimed> refused = new ArrayList<>();
        for (StoredRecord record : all) {
            Entry there = at(record.id(), nowMillis);
            if (there != null && !there.isHeldBy(record.epoch(), record.owner())) {
                refused.add(there.toClaimed(record.id()));
            } else {
                write(
                        new Kept(record.id(), record.epoch(), record.owner(), record.sealed()),
                        nowMillis,
                        record.keepMillis());
            }
        }
        return refused;
    }

    @Nullable
    StoredRecord find(long id, long nowMillis) {
        Entry there = at(id, nowMillis);
        Kept kept = there == null ? null : records.get(there.number);
        return there == null || kept == null
                ? null
                : new StoredRecord(id, kept.epoch(), kept.owner(), kept.sealed(), there.overAt - nowMillis);
    }

    /** The owner that the record had before; null if it is gone or has another epoch, and nothing was changed. */
    @Nullable
    String claim(long id, long seenEpoch, Claimed next, long keepMillis, long nowMillis) {
        Entry there = at(id, nowMillis);
        Kept kept = there == null ? null : records.get(there.number);
        if (there == null || kept == null || there.epoch != seenEpoch) {
            return null;
        }
        write(new Kept(id, next.epoch(), next.owner(), kept.sealed()), nowMillis, keepMillis);
        return there.owner;
    }

    List<Claimed> keep(String owner, List<Held> all, long nowMillis) {
        List<Claimed> refused = new ArrayList<>();
        for (Held held : all) {
            Entry there = at(held.id(), nowMillis);
            if (there == null) {
                refused.add(Claimed.gone(held.id()));
            } else if (there.isHeldBy(held.epoch(), owner)) {
                there.overAt = later(nowMillis, held.keepMillis());
                overAt.put(there.number, there.overAt);
            } else {
                refused.add(there.toClaimed(held.id()));
            }
        }
        return refused;
    }

    void forget(String owner, List<Held> all) {
        for (Held held : all) {
            Entry there = byId.get(held.id());
            if (there != null && there.isHeldBy(held.epoch(), owner)) {
                remove(held.id(), there);
            }
        }
    }

    /** Removes records whose time is over, among the next slice of all. Some 120 calls come round to each record. */
    void sweep(long nowMillis) {
        long slice = Math.max(MIN_SLICE, overAt.sizeAsLong() / SLICES + 1);
        List<Long> over = new ArrayList<>();
        Cursor<Long, Long> times = overAt.cursor(sweptTo);
        for (long looked = 0; looked < slice && times.hasNext(); looked++) {
            long number = times.next();
            if (times.getValue() <= nowMillis) {
                over.add(number);
            }
            sweptTo = number + 1;
        }
        if (!times.hasNext()) {
            sweptTo = 0;
        }
        for (long number : over) {
            Kept kept = records.get(number);
            Entry there = kept == null ? null : byId.get(kept.id());
            if (kept != null && there != null) {
                remove(kept.id(), there);
            }
        }
    }

    /** The number of records, with those whose time is over and that are still to be removed. */
    long count() {
        return byId.size();
    }

    private @Nullable Entry at(long id, long nowMillis) {
        Entry there = byId.get(id);
        return there == null || there.overAt <= nowMillis ? null : there;
    }

    private void write(Kept kept, long nowMillis, long keepMillis) {
        Entry before = byId.get(kept.id());
        long number = before == null ? ++lastNumber : before.number;
        Entry after = new Entry(number, kept.epoch(), one(kept.owner()), later(nowMillis, keepMillis));
        records.put(number, kept);
        overAt.put(number, after.overAt);
        byId.put(kept.id(), after);
    }

    private void remove(long id, Entry there) {
        records.remove(there.number);
        overAt.remove(there.number);
        byId.remove(id);
    }

    /** The one string for all records of an owner. */
    private String one(String owner) {
        if (owners.size() > MIN_SLICE) {
            owners.clear(); // those of long ago
        }
        return owners.computeIfAbsent(owner, name -> name);
    }

    /** A time later on, or the end of time. */
    private static long later(long nowMillis, long byMillis) {
        return byMillis > Long.MAX_VALUE - nowMillis ? Long.MAX_VALUE : nowMillis + byMillis;
    }

    /** The facts about a record that are known without reading it. */
    private static final class Entry {
        private final long number;
        private final long epoch;
        private final String owner;
        private long overAt;

        Entry(long number, long epoch, String owner, long overAt) {
            this.number = number;
            this.epoch = epoch;
            this.owner = owner;
            this.overAt = overAt;
        }

        boolean isHeldBy(long byEpoch, String byOwner) {
            return epoch < byEpoch || (epoch == byEpoch && owner.equals(byOwner));
        }

        Claimed toClaimed(long id) {
            return new Claimed(id, epoch, owner);
        }
    }
}
