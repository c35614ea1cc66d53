package net.voltlane.server.guard;

import net.voltlane.server.address.Cidr;
import net.voltlane.server.address.Holders;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * One connection, from the guard's side: where it came from, and what it is counted as. Written under the guard's lock;
 * the questions may be asked without, on the connection's loop and as long as its handshake lasts.
 */
public final class Admission {
    enum Place {
        /** Sent away at once. */
        REFUSED,
        /** In its handshake. */
        HANDSHAKE,
        /** In its handshake, and let in only to come back to a session. */
        RESERVE,
        /** In its handshake, whose place another has got; its loop is to close it. */
        GAVE_WAY,
        /** Its handshake is done, or it has gone. */
        OUTSIDE
    }

    private final Cidr from;
    /** Has its loop close it, where it gives its place to another, or is in the way; only enqueues. */
    final Runnable giveWay;

    volatile Place place = Place.REFUSED;
    /** Among the handshakes, or replaced links, that share places with it; null where it is neither. */
    Holders.@Nullable Place<Admission> pending;
    /** Counted as a link. */
    boolean isLink;

    /** Another link has taken its session over. */
    boolean isReplaced;

    boolean gone;

    /** What it is counted in. */
    Source[] sources = {};

    /** The limit for which it was refused, may only come back, or gave way. */
    volatile @Nullable Metric limit;

    Admission(Cidr from, Runnable giveWay) {
        this.from = from;
        this.giveWay = giveWay;
    }

    /** Where it came from; its text is the address, as it may be written in {@code limits.deny}. */
    public Cidr from() {
        return from;
    }

    /** May begin its handshake. */
    public boolean isAdmitted() {
        return place != Place.REFUSED;
    }

    /** In its handshake, and let in only to come back to a session. */
    public boolean isInReserve() {
        return place == Place.RESERVE;
    }

    /** Why it was refused, is in the reserve, or gave way. */
    public Metric limit() {
        Metric why = limit;
        if (why == null) {
            throw new IllegalStateException("no limit stands against it");
        }
        return why;
    }
}
