package net.voltlane.server.store;

/**
 * Tells who has a session.
 *
 * @param id the session's id
 * @param epoch the epoch that stands in the store
 * @param owner the process that has it, as in {@link StoredRecord#owner}
 */
public record Claimed(long id, long epoch, String owner) {}
