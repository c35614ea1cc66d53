package net.voltlane.server.store;

import java.util.Arrays;

/**
 * The record of a session as a store keeps it. What others may not know is inside {@link #sealed}, which the store can
 * neither read nor change. Immutable, as long as nobody writes to the array.
 *
 * @param id the session's id, 1 to 2^53 - 1
 * @param epoch the number of servers that have had the session, the first one included, 1 to 2^53 - 1: whoever has the
 *     highest epoch has the session
 * @param owner the name of the server process that has the session: 32 hexadecimal digits, which no other process has
 * @param sealed the rest of the record, encrypted, 1 to 16,384 bytes
 * @param keepMillis the time for which the store keeps the record if it hears nothing more of it, over 0. In an answer of
 *     the store it has no meaning
 */
public record StoredRecord(long id, long epoch, String owner, byte[] sealed, long keepMillis) {
    /** The largest length of {@link #sealed}. */
    public static final int MAX_SEALED_BYTES = 16_384;

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredRecord that
                && id == that.id
                && epoch == that.epoch
                && owner.equals(that.owner)
                && keepMillis == that.keepMillis
                && Arrays.equals(sealed, that.sealed);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id) * 31 + Long.hashCode(epoch);
    }

    /** Leaves the sealed part out. */
    @Override
    public String toString() {
        return "StoredRecord[id=" + id + ", epoch=" + epoch + ", owner=" + owner + "]";
    }
}
