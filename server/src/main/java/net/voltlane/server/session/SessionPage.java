package net.voltlane.server.session;

import java.util.List;
import java.util.OptionalLong;

/**
 * A page of sessions. A session that is there while all pages are turned, and matches all the time, is on exactly one of
 * them; sessions that are opened meanwhile may be on one, and sessions that end may be on none.
 *
 * @param next where the next page begins, for {@link SessionQuery#after}; empty: this was the last
 */
public record SessionPage(List<SessionView> sessions, OptionalLong next) {}
