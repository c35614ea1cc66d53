package net.voltlane.store.file;

/**
 * A record as the file holds it, under its session's id. Its time is beside it, in a map of its own: times change far more
 * often than records, and a change writes a whole page.
 */
record Kept(long epoch, String owner, byte[] sealed) {
    @Override
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public String toString() {
        return "Kept[epoch=" + epoch + ", owner=" + owner + "]";
    }
}
