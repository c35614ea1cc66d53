package net.voltlane.server.guard;

import net.voltlane.server.address.Cidr;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * One connection, from the guard's side: where it came from, and what it is counted as. Written under the guard's lock;
 * the questions may be asked without, on the connection's loop and as long as its handshake lasts.
 */
public final class Visit {
    enum Place {
        /** Sent away at once. */
        REFUSED,
        /** Would have to come back to a session, but there is no place for those either. */
        LANE_FULL,
        /** In its handshake. */
        HANDSHAKE,
        /** In its handshake, and let in only to come back to a session. */
        LANE,
        /** Its handshake is done, or it has gone. */
        OUTSIDE
    }

    private final Cidr from;

    Place place = Place.REFUSED;
    /** Counted as a link. */
    boolean isLink;

    /** Another link has taken its session over. */
    boolean isReplaced;

    boolean gone;

    @Nullable
    Source address;

    @Nullable
    Source subnet;

    /** The limit for which it was refused, or may only come back. */
    @Nullable
    Metric limit;

    Visit(Cidr from) {
        this.from = from;
    }

    /** Where it came from; its text is the address, as it may be written in {@code limits.deny}. */
    public Cidr from() {
        return from;
    }

    /** May begin its handshake. */
    public boolean isAdmitted() {
        return place == Place.HANDSHAKE || place == Place.LANE;
    }

    /** In its handshake, and let in only to come back to a session. */
    public boolean isInLane() {
        return place == Place.LANE;
    }

    /** Could be admitted once another gives up its place in the lane. */
    public boolean waitsForLane() {
        return place == Place.LANE_FULL;
    }

    /** Why it was refused, or is in the lane. */
    public Metric limit() {
        Metric why = limit;
        if (why == null) {
            throw new IllegalStateException("no limit stands against it");
        }
        return why;
    }
}
