package net.voltlane.server.store;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Tells who has a session.
 *
 * @param id the session's id
 * @param epoch the epoch that stands in the store; 0 where there is no record
 * @param owner the process that has it, as in {@link StoredRecord#owner}; empty where there is no record
 */
public record Claimed(long id, long epoch, String owner) {
    /** Tells that there is no record of a session. */
    public static Claimed gone(long id) {
        return new Claimed(id, 0, "");
    }

    /** Puts answers in the order of ids. */
    public static Map<Long, Claimed> byId(List<Claimed> all) {
        return all.stream().collect(Collectors.toMap(Claimed::id, Function.identity(), (first, same) -> first));
    }

    /** True if there is no record. */
    public boolean isGone() {
        return epoch == 0;
    }
}
