package net.voltlane.server.session;

import java.util.List;
import java.util.Optional;

/**
 * A page of sessions. A session that is there while all pages are turned, and matches all the time, is on exactly one of
 * them. Sessions that end may be on none. Sessions that are opened meanwhile may be on one in an order of opening, and
 * are on none in a ranking.
 *
 * @param next where the next page begins, for {@link SessionQuery#after}; empty: this was the last
 */
public record SessionPage(List<SessionView> sessions, Optional<SessionCursor> next) {}
