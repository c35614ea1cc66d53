package net.voltlane.server.uplink;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The ids of sessions that went on to other servers lately. A master of version 2 that still sends something for them is
 * not told that they are not found: it would take that for their end. Belongs to the session loop.
 */
final class LetGoIds {
    /** The number of ids that are remembered. */
    static final int REMEMBERED = 1 << 16;

    private final Set<Long> ids = new LinkedHashSet<>();

    void add(long id) {
        if (ids.add(id) && ids.size() > REMEMBERED) {
            Iterator<Long> oldest = ids.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    void remove(long id) {
        if (!ids.isEmpty()) {
            ids.remove(id);
        }
    }

    boolean contains(long id) {
        return !ids.isEmpty() && ids.contains(id);
    }
}
