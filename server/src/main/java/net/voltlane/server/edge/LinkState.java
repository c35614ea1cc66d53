package net.voltlane.server.edge;

/**
 * The life of a client's link.
 *
 * <pre>
 *   JOINING ──opened, resumed──► LIVE
 *   JOINING ──refused, over a limit──────────────────────► DONE
 *   JOINING ──lost──► LEAVING                                     the session's answer is on its way
 *      LIVE ──lost, in breach of a rule, broken──► LEAVING        the session is told
 *   LEAVING ──opened, resumed──► LEAVING                          early input is forwarded all the same
 *   LEAVING ──refused, over a limit──────────────────────► DONE
 *   LIVE, LEAVING ──detached to deliver──► DELIVERING             the session has had its answer
 *   LIVE, LEAVING ──detached otherwise, or lost by then──► DONE   the session gets its answer
 *   DELIVERING ──all is sent, takes too long, lost───────► DONE
 * </pre>
 *
 * Only the session takes a link away: a link that is LEAVING goes on keeping what is delivered to it until it is
 * detached. It is read from while it is LIVE and no {@link ReadPause} stands against that. In DELIVERING it is read
 * from as well, and its input discarded.
 */
enum LinkState {
    JOINING,
    LIVE,
    LEAVING,
    DELIVERING,
    DONE;

    /** False once the link is ending. */
    boolean isUp() {
        return this == JOINING || this == LIVE;
    }

    /** True if the drawing has such a transition. For an assertion. */
    boolean mayBecome(LinkState next) {
        return switch (this) {
            case JOINING -> next == LIVE || next == LEAVING || next == DONE;
            case LIVE -> next == LEAVING || next == DELIVERING || next == DONE;
            case LEAVING -> next == LEAVING || next == DELIVERING || next == DONE;
            case DELIVERING -> next == DONE;
            case DONE -> false;
        };
    }
}
