package net.voltlane.server.session;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The records of sessions, for clients that come back: a resume finds a record, challenges its client, and claims it. A
 * store may take its time, and answers each question with a callback on the session loop, in the same call or later. No
 * packet waits for it, and none passes through it. Belongs to the session loop.
 */
interface SessionStore {
    /** Finds the record under this id; null if there is none. Changes nothing. */
    void find(long id, Consumer<@Nullable SessionRecord> then);

    /**
     * Claims the session that the token was given for: its client has proved itself. Of several claims for one session
     * the store settles the order; a claim for a session that has ended is refused, even if another one has its id.
     */
    void claim(ResumeToken token, ClaimOutcome then);

    /** The session has ended: it can no longer be found or claimed. */
    void forget(SessionRecord record);

    /** Takes the store's answer to a claim. */
    @FunctionalInterface
    interface ClaimOutcome {
        /** @param granted false where the session cannot be claimed any more */
        void settled(boolean granted);
    }
}
