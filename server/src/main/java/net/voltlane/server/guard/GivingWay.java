package net.voltlane.server.guard;

import net.voltlane.server.address.Holders;
import net.voltlane.server.address.Holders.Place;
import org.jspecify.annotations.Nullable;

/**
 * Connections that share a number of places, and give way to each other. When all places are used, the address that has
 * most of them loses the connection that has waited longest for its peer's next packet. A connection that waits for the
 * server, or has proved itself, gives way only if its address has no other one. Guarded by the {@link Guard}'s lock.
 */
final class GivingWay {
    private final Holders<Admission> byAddress = new Holders<>();

    long size() {
        return byAddress.size();
    }

    void add(Admission admission, long nowNanos) {
        assert admission.place == null : "has a place already";
        admission.place = byAddress.add(admission.from(), admission, true, nowNanos);
    }

    /** Removes a connection, if it has not given way before. */
    void remove(Admission admission) {
        Place<Admission> place = admission.place;
        if (place != null) {
            admission.place = null;
            byAddress.remove(place);
        }
    }

    /**
     * Puts a connection behind the others of its address.
     *
     * @param early true for one that is to give way before all others of its address that are not early
     */
    void move(Admission admission, boolean early, long nowNanos) {
        Place<Admission> place = admission.place;
        if (place != null) {
            byAddress.move(place, early, nowNanos);
        }
    }

    /** The connection that gives way because there are too many. */
    Admission first() {
        Place<Admission> first = byAddress.toGiveWay();
        assert first != null : "there are too many";
        return first.item();
    }

    /**
     * The connection that gives way because this one's address has too many; null if the address has not.
     *
     * @param limit the number of places for one address; 0: no limit
     */
    @Nullable
    Admission firstOfAddress(Admission admission, long limit) {
        Place<Admission> place = admission.place;
        Place<Admission> first = place == null ? null : byAddress.overLimit(place, limit);
        return first == null ? null : first.item();
    }
}
