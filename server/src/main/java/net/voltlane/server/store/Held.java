package net.voltlane.server.store;

/**
 * A session that a server holds, as the server sees it. A store that knows a higher epoch, or another owner with the same
 * epoch, leaves the record as it is.
 *
 * @param id the session's id
 * @param epoch the epoch under which the server has it
 * @param keepMillis the time for which the store keeps the record from now on if it hears nothing more of it, over 0; of no
 *     use where a record is forgotten
 */
public record Held(long id, long epoch, long keepMillis) {}
