package net.voltlane.server.address;

import net.voltlane.server.address.Holders.Place;
import org.jspecify.annotations.Nullable;

/** A queue of one holder's items in which the first to give way stands in front. Linked through the places themselves. */
final class PlaceQueue<T> {
    @Nullable
    Place<T> first;

    private @Nullable Place<T> last;

    void add(Place<T> place) {
        Place<T> before = last;
        while (before != null && place.order - before.order < 0) { // seldom: most come in their order
            before = before.previous;
        }
        Place<T> behind = before == null ? first : before.next;
        place.previous = before;
        place.next = behind;
        if (before == null) {
            first = place;
        } else {
            before.next = place;
        }
        if (behind == null) {
            last = place;
        } else {
            behind.previous = place;
        }
    }

    void remove(Place<T> place) {
        if (place.previous == null) {
            first = place.next;
        } else {
            place.previous.next = place.next;
        }
        if (place.next == null) {
            last = place.previous;
        } else {
            place.next.previous = place.previous;
        }
        place.previous = null;
        place.next = null;
    }
}
