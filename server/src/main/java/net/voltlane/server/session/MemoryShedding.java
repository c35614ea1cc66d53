package net.voltlane.server.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import net.voltlane.server.address.Holders;
import net.voltlane.server.address.Holders.Place;
import net.voltlane.server.link.MemoryBudget;

/**
 * The choice of the sessions that fail when memory is over its limit: of the address whose sessions hold most together,
 * the session that holds most; then again, until enough memory is free. So many small sessions from one address do not
 * cost a client elsewhere its larger session.
 */
final class MemoryShedding {
    private record Holder(Session session, long bytes) {}

    private MemoryShedding() {}

    /**
     * The sessions that have to fail for the sum to be a sixteenth below the limit; none if the limit is not exceeded.
     * With that margin an attacker cannot cause this walk with every packet.
     */
    static List<Session> toFail(Collection<Session> sessions, MemoryBudget budget) {
        if (!budget.isExceeded()) {
            return List.of();
        }
        long toFree = budget.chargedBytes() - (budget.limitBytes() - budget.limitBytes() / 16);
        List<Holder> holders = new ArrayList<>();
        for (Session session : sessions) {
            long bytes = session.heldBytes();
            if (session.isEnding()) {
                toFree -= bytes; // about to be free
            } else if (bytes > 0) {
                holders.add(new Holder(session, bytes));
            }
        }
        holders.sort(Comparator.comparingLong(Holder::bytes).reversed());
        Holders<Holder> byAddress = new Holders<>();
        for (Holder holder : holders) {
            byAddress.add(holder.session().from(), holder, false, byAddress.size(), holder.bytes());
        }
        List<Session> toFail = new ArrayList<>();
        for (Place<Holder> next = byAddress.toGiveWay(); next != null && toFree > 0; next = byAddress.toGiveWay()) {
            toFree -= next.item().bytes();
            toFail.add(next.item().session());
            byAddress.remove(next);
        }
        return toFail;
    }
}
