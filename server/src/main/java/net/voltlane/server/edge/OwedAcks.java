package net.voltlane.server.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.voltlane.server.link.Owner;

/**
 * The links of one loop that owe their clients an acknowledgement. It goes along with data that is sent anyway; where none
 * is, the sweep sends it, at the latest one second after the packet came. A link is noted once in half that time, so that
 * a read costs no clock. Belongs to its loop.
 */
final class OwedAcks {
    /** A link waits for one turn at least and two at most, and for the sweep. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private final Owner owner;
    private final LongSupplier time;
    /** Links that were noted in this turn. */
    private List<Version3Link> noted = new ArrayList<>();
    /** Links that were noted in the turn before. */
    private List<Version3Link> due = new ArrayList<>();

    private long turnNanos;

    /** @param time real time */
    OwedAcks(Owner owner, LongSupplier time) {
        this.owner = owner;
        this.time = time;
        turnNanos = time.getAsLong();
    }

    /** Notes a link, which must not be noted already. */
    void note(Version3Link link) {
        assert owner.isCurrent() : "belongs to its client loop";
        noted.add(link);
    }

    /** Has the links of the turn before send what they still owe, if this turn is over. Called a few times a second. */
    void sweep() {
        assert owner.isCurrent() : "belongs to its client loop";
        long nowNanos = time.getAsLong();
        if (nowNanos - turnNanos < TURN_NANOS) {
            return;
        }
        turnNanos = nowNanos;
        List<Version3Link> now = due;
        due = noted;
        noted = now; // links that can't send it yet are noted again
        List<Version3Link> turn = List.copyOf(now);
        now.clear();
        turn.forEach(Version3Link::acknowledgementIsDue);
    }
}
