package net.voltlane.backend;

import java.util.HashMap;
import java.util.Map;

/**
 * The count of sessions for each host, which decides whether one more may begin. Anybody who can reach the port can
 * make up sessions: a packet of 13 bytes with an id is enough. No session is ended to make room for another. Instead a
 * host may have {@value #SHARE} times as many sessions as are free. So a host that is alone can have four fifths of
 * all, and however many one host has taken, some are left for others.
 *
 * <p>Guarded by the {@link SessionDirectory}'s lock.
 */
final class SessionQuota {
    static final long SHARE = 4;

    private final int max;
    private final Map<SourceHost, Integer> held = new HashMap<>();
    private int all;

    SessionQuota(int max) {
        this.max = max;
    }

    boolean admits(SourceHost host) {
        return all < max && held.getOrDefault(host, 0) < SHARE * (max - all);
    }

    void begun(SourceHost host) {
        held.merge(host, 1, Integer::sum);
        all++;
    }

    void ended(SourceHost host) {
        held.computeIfPresent(host, (same, count) -> count == 1 ? null : count - 1);
        all--;
    }

    /** Counts a session that moves to another host. */
    void moved(SourceHost from, SourceHost to) {
        if (!from.equals(to)) {
            ended(from);
            begun(to);
        }
    }

    int all() {
        return all;
    }
}
