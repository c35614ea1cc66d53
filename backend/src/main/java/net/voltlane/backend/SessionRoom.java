package net.voltlane.backend;

import java.util.HashMap;
import java.util.Map;

/**
 * How many sessions there are, and whether one more may begin. Any number may be made up by whoever can reach the port:
 * a packet of 13 bytes with an id is enough. Nobody's sessions are ended to make room for another's; instead, the more
 * a host has, the more has to be left for others: it may have {@value #SHARE} times as many as are free. So a host that
 * is alone can have four fifths of all, and however many another one has taken, there is something left.
 *
 * <p>Under the {@link SessionDirectory}'s lock.
 */
final class SessionRoom {
    static final long SHARE = 4;

    private final int max;
    private final Map<Host, Integer> held = new HashMap<>();
    private int all;

    SessionRoom(int max) {
        this.max = max;
    }

    boolean admits(Host host) {
        return all < max && held.getOrDefault(host, 0) < SHARE * (max - all);
    }

    void begun(Host host) {
        held.merge(host, 1, Integer::sum);
        all++;
    }

    void ended(Host host) {
        held.computeIfPresent(host, (same, count) -> count == 1 ? null : count - 1);
        all--;
    }

    /** A session goes on at another host. */
    void moved(Host from, Host to) {
        if (!from.equals(to)) {
            ended(from);
            begun(to);
        }
    }

    int all() {
        return all;
    }
}
