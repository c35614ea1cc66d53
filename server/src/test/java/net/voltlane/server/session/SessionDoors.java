package net.voltlane.server.session;

import java.util.HashMap;
import java.util.Map;

/** What tests of other packages need of this one. */
public final class SessionDoors {
    private SessionDoors() {}

    /** How many sessions are stale, by the address of their last link. */
    public static Map<String, Integer> staleByAddress(Sessions sessions) {
        Map<String, Integer> counts = new HashMap<>();
        for (Session session = sessions.stale.first; session != null; session = session.next) {
            counts.merge(session.from().toString(), 1, Integer::sum);
        }
        return counts;
    }
}
