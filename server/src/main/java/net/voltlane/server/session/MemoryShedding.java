package net.voltlane.server.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import net.voltlane.server.link.MemoryBudget;

/** Chooses who gives way where memory is over its limit: the sessions that hold most, no more of them than it takes. */
final class MemoryShedding {
    private record Holder(Session session, long bytes) {}

    private MemoryShedding() {}

    /**
     * Those that hold most, until what they hold would bring the sum a sixteenth under the limit; none where it is not
     * exceeded. That margin keeps an attack from paying for this walk with every packet.
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
        List<Session> toFail = new ArrayList<>();
        for (Holder holder : holders) {
            if (toFree <= 0) {
                break;
            }
            toFree -= holder.bytes();
            toFail.add(holder.session());
        }
        return toFail;
    }
}
