package net.voltlane.client;

/**
 * The phase of a client: whether it has a link, and whether it still has a session.
 *
 * <pre>
 *             link lost                session gone, a new one is allowed
 *   LIVE ------------------> RESUMING -----------------------------------> REPLACING
 *    ^                        |                                                |
 *    +---- resumed -----------+                                                |
 *    +---- new session opened -------------------------------------------------+
 *
 *   LIVE      -- closed, or failed ---------------------------------> ENDED
 *   RESUMING  -- closed, or failed ---------------------------------> ENDED
 *   RESUMING  -- session gone, a new one is not allowed ------------> ENDED_WITHOUT_SESSION
 *   REPLACING -- closed, or failed ---------------------------------> ENDED_WITHOUT_SESSION
 * </pre>
 *
 * In ENDED the server may still keep the session, so that its exported state can resume it.
 */
enum Phase {
    LIVE,
    RESUMING,
    REPLACING,
    ENDED,
    ENDED_WITHOUT_SESSION;

    /** Tells whether the drawing above has an arrow from this phase to {@code next}. */
    boolean mayBecome(Phase next) {
        return switch (this) {
            case LIVE -> next == RESUMING || next == ENDED;
            case RESUMING -> next == LIVE || next == REPLACING || next == ENDED || next == ENDED_WITHOUT_SESSION;
            case REPLACING -> next == LIVE || next == ENDED_WITHOUT_SESSION;
            case ENDED, ENDED_WITHOUT_SESSION -> false;
        };
    }

    /** Tells whether the server has forgotten the session. */
    boolean isSessionGone() {
        return this == REPLACING || this == ENDED_WITHOUT_SESSION;
    }
}
