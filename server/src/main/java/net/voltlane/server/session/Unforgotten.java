package net.voltlane.server.session;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.server.store.Held;

/** The records of ended sessions that the store could not be told to forget, bounded in number. Belongs to the session loop. */
final class Unforgotten {
    /** The number of records that wait. Others expire. */
    static final int MOST = 1 << 16;

    private List<Held> waiting = new ArrayList<>();

    void add(List<Held> more) {
        int room = MOST - waiting.size();
        waiting.addAll(more.subList(0, Math.min(room, more.size())));
    }

    /** Takes all that wait. */
    List<Held> take() {
        List<Held> all = waiting;
        if (!all.isEmpty()) {
            waiting = new ArrayList<>();
        }
        return all;
    }
}
