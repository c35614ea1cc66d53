package net.voltlane.server.store;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The exchange between servers that use the same store, which goes through it. Threads and failures as in {@link RecordStore}. A
 * server knows no other server's address, and none is needed.
 */
public interface Fleet {
    /**
     * Agrees on the identity of the fleet: the first server's stands, for as long as the store keeps it.
     *
     * @param fingerprint the short name of this server's key
     * @return the identity that stands, which may be another one
     */
    CompletionStage<String> identity(String fingerprint);

    /**
     * Tells that this server is there, for as long as {@code keepMillis}.
     *
     * @param owner this server, as in {@link StoredRecord#owner}
     * @param entry facts about it, in a form of the caller's, up to 4,096 bytes
     */
    CompletionStage<@Nullable Void> beat(String owner, byte[] entry, long keepMillis);

    /** Tells that this server is going. */
    CompletionStage<@Nullable Void> leave(String owner);

    /** All servers whose time is not over, this one included, in no order. */
    CompletionStage<List<Member>> members();

    /**
     * Leaves what a session's former owner still kept for the session's new one. It is gone after {@code keepMillis}, or
     * once it was taken.
     *
     * @param epoch the new owner's
     * @param sealed encrypted, up to 1,048,576 bytes
     */
    CompletionStage<@Nullable Void> handOver(long id, long epoch, byte[] sealed, long keepMillis);

    /**
     * Takes what the former owner has left, as soon as it is there.
     *
     * @param withinMillis the time to wait for it, over 0
     * @return what was left; null if nothing came in time
     */
    CompletionStage<byte @Nullable []> takeOver(long id, long epoch, long withinMillis);

    /**
     * Writes a ban for all servers. What was written for its place before, is replaced.
     *
     * @param place what tells this ban from others, one line of text, up to 100 bytes
     * @param ban facts about the ban, up to 1,024 bytes
     * @param keepMillis the time for which it stands; 0 where it has no end
     */
    CompletionStage<@Nullable Void> ban(String place, byte[] ban, long keepMillis);

    /**
     * Writes a ban again that the store may have lost. Does nothing where the store has a ban for this place, or remembers
     * that one was ended.
     *
     * @return true if it was written
     */
    CompletionStage<Boolean> restoreBan(String place, byte[] ban, long keepMillis);

    /**
     * Ends a ban for all servers.
     *
     * @param rememberMillis the time for which the store remembers that, over 0, so that a server that was away meanwhile
     *     can tell an ended ban from a lost one. A store that remembers a great many already may forget it at once
     */
    CompletionStage<@Nullable Void> endBan(String place, long rememberMillis);

    /** All bans that stand, and those of which the store remembers the end, in no order. */
    CompletionStage<List<SharedBan>> bans();

    /** Hears of bans by other servers. Called on threads of the store's; the listener must not block. */
    void onBan(BanListener listener);

    /** A server of the fleet, with its entry as {@link #beat} gave it. */
    record Member(String owner, byte[] entry) {}

    /**
     * A ban as the store has it.
     *
     * @param ban facts about the ban; null: it was ended
     * @param keepMillis the time that is left, by the store's clock; 0 where it has no end
     */
    record SharedBan(String place, byte @Nullable [] ban, long keepMillis) {}

    /** Hears of bans. */
    interface BanListener {
        /** A ban was written by another server. */
        void banned(SharedBan ban);

        /** A ban was ended by another server. */
        void ended(String place);

        /** The store is there, from the start or again: bans and ends may have been missed, or lost by the store. */
        void missed();
    }
}
