package net.voltlane.backend;

import org.jspecify.annotations.Nullable;

/**
 * The result of a search for the session of a packet.
 *
 * @param session the session; null if there is none
 * @param inTheWay a firehose that has to end before the search is repeated; null if there is none
 * @param isBusy true if a handler call about the session has to return before the search is repeated
 */
record SearchResult(@Nullable Session session, @Nullable Firehose inTheWay, boolean isBusy) {
    static final SearchResult NOTHING = new SearchResult(null, null);
    static final SearchResult BUSY = new SearchResult(null, null, true);

    SearchResult(@Nullable Session session, @Nullable Firehose inTheWay) {
        this(session, inTheWay, false);
    }
}
