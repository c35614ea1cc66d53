package net.voltlane.server.session;

import org.jspecify.annotations.Nullable;

/**
 * The part of a session that is about the servers that have it in turn, and about its record, which says which one does.
 * All of it is 0, null or false where sessions have no records outside of this process. A class to extend, so that a session
 * remains one object. Belongs to the session loop.
 */
abstract class OwnedSession {
    private long epoch;
    private @Nullable FormerServer former;
    private boolean isLetGo;
    private long attachedAtNanos;
    private int recordGeneration;
    private boolean isRecordLong;
    private boolean isRecordInDoubt;
    private byte recordAsk;

    /**
     * The number of servers that have had it, this one included, if its record is kept outside of this process; 0 if no
     * sessions are.
     */
    public final long epoch() {
        return epoch;
    }

    final void epoch(long next) {
        epoch = next;
    }

    /** The server that it comes from, until the master has told how far it had come; null for all other sessions. */
    final @Nullable FormerServer former() {
        return former;
    }

    final void former(@Nullable FormerServer next) {
        former = next;
    }

    /** The counts of an adoption whose answer the master owes; null where there is none. */
    public final MasterPort.@Nullable Adopting adopting() {
        return former == null ? null : former.told();
    }

    /** True if another server has it: it is gone from here, or will be once its link is detached. */
    final boolean isLetGo() {
        return isLetGo;
    }

    final void isLetGo(boolean isSo) {
        isLetGo = isSo;
    }

    /** True if the master's packets for it are of a time before it came here, or for the server that has it by now. */
    final boolean takesNothing() {
        return former != null || isLetGo;
    }

    /** The time at which its present link became its own; without meaning before its first resume. */
    final long attachedAtNanos() {
        return attachedAtNanos;
    }

    final void attachedAtNanos(long nowNanos) {
        attachedAtNanos = nowNanos;
    }

    /** The generation of the store's records that its record is of. Set by {@link Records} alone, as the next one is. */
    final int recordGeneration() {
        return recordGeneration;
    }

    final void recordGeneration(int generation) {
        recordGeneration = generation;
    }

    /**
     * The store has the record.
     *
     * @param isLong it lasts for the stale time and a cycle at least, if nothing more is heard of it
     */
    final void recordLasts(boolean isLong) {
        isRecordLong = isLong;
        isRecordInDoubt = false;
    }

    /** A call for the record has failed. Returns false if the record may be gone before the next cycle is over. */
    final boolean doubtsRecord() {
        boolean isThere = isRecordLong && !isRecordInDoubt;
        isRecordInDoubt = true;
        return isThere;
    }

    /** True if the last call for the record has failed. */
    final boolean isRecordInDoubt() {
        return isRecordInDoubt;
    }

    /** The call that the next flush makes for its record; see {@link RecordBatches}. */
    final byte recordAsk() {
        return recordAsk;
    }

    final void recordAsk(byte ask) {
        recordAsk = ask;
    }
}
