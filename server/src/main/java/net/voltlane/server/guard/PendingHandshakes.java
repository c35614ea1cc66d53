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
    private final Holders<Admission> byAddress = new Holders<>();

    long size() {
        return byAddress.size();
    }

    void add(Admission admission, long nowNanos) {
        admission.pending = byAddress.add(admission.from(), admission, true, nowNanos);
    }

    void remove(Admission admission) {
        Place<Admission> place = admission.pending;
        if (place != null) {
            admission.pending = null;
            byAddress.remove(place);
        }
    }

    /** Something is computed for it. */
    void waitsForUs(Admission admission, long nowNanos) {
        move(admission, false, nowNanos);
    }

    /** Its peer has to say something. */
    void waitsForPeer(Admission admission, long nowNanos) {
        move(admission, true, nowNanos);
    }

    /** It has shown that it comes back to a session. */
    void proved(Admission admission, long nowNanos) {
        move(admission, false, nowNanos);
    }

    private void move(Admission admission, boolean early, long nowNanos) {
        Place<Admission> place = admission.pending;
        if (place != null) {
            byAddress.move(place, early, nowNanos);
        }
    }

    /** Whose place is given up because there are too many. */
    Admission toGiveWay() {
        Place<Admission> first = byAddress.toGiveWay();
        assert first != null : "there are too many";
        return first.item();
    }

    /**
     * Whose place is given up because the address of this one has too many; null where it has not.
     *
     * @param limit how many one address may have; 0: any number
     */
    @Nullable
    Admission toGiveWayFor(Admission admission, long limit) {
        Place<Admission> place = admission.pending;
        Place<Admission> first = place == null ? null : byAddress.overLimit(place, limit);
        return first == null ? null : first.item();
    }
}
