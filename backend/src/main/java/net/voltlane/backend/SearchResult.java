package net.voltlane.backend;

import org.jspecify.annotations.Nullable;

/**
 * The result of a search for the session of a packet.
 *
 * @param session the session; null if there is none
 * @param inTheWay a firehose that has to end before the search is repeated; null if there is none
 */
record SearchResult(@Nullable Session session, @Nullable Firehose inTheWay) {
    static final SearchResult NOTHING = new SearchResult(null, null);
}
