package net.voltlane.server.guard;

import net.voltlane.server.address.Holders;
import net.voltlane.server.address.Holders.Place;
import org.jspecify.annotations.Nullable;

/**
 * Handshakes that share a number of places: where that is used up the address that has most of them gives one up, the
 * one that has waited for its peer's next packet for longest. Those that wait for us, or have proved themselves, go only
 * where their address has no other. Guarded by the {@link Guard}'s lock.
 */
final class PendingHandshakes {
    private final Holders<Visit> byAddress = new Holders<>();

    long size() {
        return byAddress.size();
    }

    void add(Visit visit, long nowNanos) {
        visit.pending = byAddress.add(visit.from(), visit, true, nowNanos);
    }

    void remove(Visit visit) {
        Place<Visit> place = visit.pending;
        if (place != null) {
            visit.pending = null;
            byAddress.remove(place);
        }
    }

    /** Something is computed for it. */
    void waitsForUs(Visit visit, long nowNanos) {
        move(visit, false, nowNanos);
    }

    /** Its peer has to say something. */
    void waitsForPeer(Visit visit, long nowNanos) {
        move(visit, true, nowNanos);
    }

    /** It has shown that it comes back to a session. */
    void proved(Visit visit, long nowNanos) {
        move(visit, false, nowNanos);
    }

    private void move(Visit visit, boolean early, long nowNanos) {
        Place<Visit> place = visit.pending;
        if (place != null) {
            byAddress.move(place, early, nowNanos);
        }
    }

    /** Whose place is given up because there are too many. */
    Visit toGiveWay() {
        Place<Visit> first = byAddress.toGiveWay();
        assert first != null : "there are too many";
        return first.item();
    }

    /**
     * Whose place is given up because the address of this one has too many; null where it has not.
     *
     * @param limit how many one address may have; 0: any number
     */
    @Nullable
    Visit toGiveWayFor(Visit visit, long limit) {
        Place<Visit> place = visit.pending;
        Place<Visit> first = place == null ? null : byAddress.overLimit(place, limit);
        return first == null ? null : first.item();
    }
}
