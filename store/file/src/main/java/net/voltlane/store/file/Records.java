package net.voltlane.store.file;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import net.voltlane.server.store.Claimed;
import net.voltlane.server.store.Held;
import net.voltlane.server.store.StoredRecord;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * The records, and the rules by which they change: epochs only rise, and what is over its time is not there. Times are
 * absolute, in milliseconds of the wall clock, so that they go on while the server is down. Nothing is written to the file
 * before {@link StoreFile#commit}. Belongs to the worker.
 */
final class Records {
    /** The least number of times that are looked at in one go for those that are over. */
    private static final int MIN_SLICE = 1_000;
    /** The number of slices in which all times are looked at. */
    private static final int SLICES = 120;

    private final MVMap<Long, Kept> records;
    private final MVMap<Long, Long> overAt;
    private long sweptTo;

    /**
     * @param records by id
     * @param overAt the time at which each record is over, by id
     */
    Records(MVMap<Long, Kept> records, MVMap<Long, Long> overAt) {
        this.records = records;
        this.overAt = overAt;
    }

    List<Claimed> put(List<StoredRecord> all, long nowMillis) {
        List<Claimed> refused = new ArrayList<>();
        for (StoredRecord record : all) {
            Kept there = at(record.id(), nowMillis);
            if (there != null && !isHeldBy(there, record.epoch(), record.owner())) {
                refused.add(new Claimed(record.id(), there.epoch(), there.owner()));
            } else {
                records.put(record.id(), new Kept(record.epoch(), record.owner(), record.sealed()));
                overAt.put(record.id(), later(nowMillis, record.keepMillis()));
            }
        }
        return refused;
    }

    @Nullable
    StoredRecord find(long id, long nowMillis) {
        Kept there = at(id, nowMillis);
        if (there == null) {
            return null;
        }
        Long over = overAt.get(id);
        long left = over == null ? 1 : Math.max(1, over - nowMillis);
        return new StoredRecord(id, there.epoch(), there.owner(), there.sealed(), left);
    }

    /** The owner that the record had before; null if it is gone or has another epoch, and nothing was changed. */
    @Nullable
    String claim(long id, long seenEpoch, Claimed next, long keepMillis, long nowMillis) {
        Kept there = at(id, nowMillis);
        if (there == null || there.epoch() != seenEpoch) {
            return null;
        }
        records.put(id, new Kept(next.epoch(), next.owner(), there.sealed()));
        overAt.put(id, later(nowMillis, keepMillis));
        return there.owner();
    }

    List<Claimed> keep(String owner, List<Held> all, long nowMillis) {
        List<Claimed> refused = new ArrayList<>();
        for (Held held : all) {
            Kept there = at(held.id(), nowMillis);
            if (there == null) {
                continue;
            }
            if (isHeldBy(there, held.epoch(), owner)) {
                overAt.put(held.id(), later(nowMillis, held.keepMillis()));
            } else {
                refused.add(new Claimed(held.id(), there.epoch(), there.owner()));
            }
        }
        return refused;
    }

    void forget(String owner, List<Held> all) {
        for (Held held : all) {
            Kept there = records.get(held.id());
            if (there != null && isHeldBy(there, held.epoch(), owner)) {
                remove(held.id());
            }
        }
    }

    /** Removes records whose time is over, among the next slice of all. Some 120 calls come round to each record. */
    void sweep(long nowMillis) {
        long slice = Math.max(MIN_SLICE, overAt.sizeAsLong() / SLICES + 1);
        List<Long> over = new ArrayList<>();
        Cursor<Long, Long> times = overAt.cursor(sweptTo);
        for (long looked = 0; looked < slice && times.hasNext(); looked++) {
            long id = times.next();
            if (times.getValue() <= nowMillis) {
                over.add(id);
            }
            sweptTo = id + 1;
        }
        if (!times.hasNext()) {
            sweptTo = 0;
        }
        over.forEach(this::remove);
    }

    /** The number of records, with those whose time is over and that are still to be removed. */
    long count() {
        return records.sizeAsLong();
    }

    /**
     * Reads everything, and with it every page of the file that counts.
     *
     * @throws org.h2.mvstore.MVStoreException for a page or a record that can't be read
     */
    void readAll() {
        for (Iterator<Long> ids = records.keyIterator(null); ids.hasNext(); ) {
            ids.next();
        }
        for (Iterator<Long> ids = overAt.keyIterator(null); ids.hasNext(); ) {
            ids.next();
        }
    }

    private @Nullable Kept at(long id, long nowMillis) {
        Long over = overAt.get(id);
        return over == null || over <= nowMillis ? null : records.get(id);
    }

    private void remove(long id) {
        records.remove(id);
        overAt.remove(id);
    }

    private static boolean isHeldBy(Kept there, long epoch, String owner) {
        return there.epoch() < epoch || (there.epoch() == epoch && there.owner().equals(owner));
    }

    /** A time later on, or the end of time. */
    private static long later(long nowMillis, long byMillis) {
        return byMillis > Long.MAX_VALUE - nowMillis ? Long.MAX_VALUE : nowMillis + byMillis;
    }
}
