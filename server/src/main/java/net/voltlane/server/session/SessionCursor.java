package net.voltlane.server.session;

/**
 * A place between two pages of sessions. It holds for the order of its page and for this server.
 *
 * @param place in the order of opening, the time of opening of the last session on the page; else the ranking's number
 * @param at the id of that session; else the number of sessions of the ranking that lie behind
 */
public record SessionCursor(long place, long at) {}
