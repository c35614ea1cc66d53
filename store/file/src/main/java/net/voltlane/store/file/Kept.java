package net.voltlane.store.file;

/**
 * A record as the file holds it, under a number that rises with each new record: ids are random, and in their order each new
 * record would change another page of the file. The record's time is beside it, in a map of its own: times change far more
 * often than records do, and a change writes a whole page.
 */
record Kept(long id, long epoch, String owner, byte[] sealed) {
    /** Leaves the sealed part out. */
    @Override
    public String toString() {
        return "Kept[id=" + id + ", epoch=" + epoch + ", owner=" + owner + "]";
    }
}
