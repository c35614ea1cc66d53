package net.voltlane.server.guard;

import net.voltlane.server.address.Cidr;
import net.voltlane.server.address.Holders;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A connection as the {@link Guard} sees it: its address, and the phase that it is counted in. Written under the
 * guard's lock. The questions may be asked without the lock, on the connection's loop during its handshake.
 */
public final class Admission {
    /**
     * A phase of a connection's life.
     *
     * <pre>
     *   NEW ─────────► HANDSHAKE ──PubKey──► OPENING ──the key is valid──► LINK
     *   NEW, HANDSHAKE ──a limit on new clients──► RESERVE
     *   HANDSHAKE, RESERVE ──the proof is right──► LINK
     *   LINK ──another link wants its session──► YIELDING ──and gets it──────► REPLACED
     *                                            YIELDING ──and is refused──► LINK
     *
     *   NEW, HANDSHAKE, RESERVE ──a limit──► REFUSED
     *   HANDSHAKE, OPENING, RESERVE ──another connection needs the place──► GAVE_WAY
     *   any of them but NEW and YIELDING ──the connection is closed──► GONE
     * </pre>
     */
    enum Phase {
        /** Nothing is decided. */
        NEW,
        /** In its handshake, before it has said whether it wants a new session. */
        HANDSHAKE,
        /** In its handshake, and let in only to resume a session. */
        RESERVE,
        /** In its handshake, and granted a new session: counts as a link, too. */
        OPENING,
        /** Has a session, or is about to get it. */
        LINK,
        /** Counts as nothing while it is decided whether another link may have its session. */
        YIELDING,
        /** Its session has another link. It waits for its peer to close. */
        REPLACED,
        /** Is to be closed for a limit. */
        REFUSED,
        /** Another connection has got its place. Its loop is to close it. */
        GAVE_WAY,
        /** Closed. */
        GONE;

        /** True in the phases of a handshake. */
        boolean isHandshake() {
            return this == HANDSHAKE || this == RESERVE || this == OPENING;
        }

        /** True in the phases that count against the limits on links. */
        boolean isLink() {
            return this == OPENING || this == LINK;
        }

        /** True for a connection that is closed, or is to be. */
        boolean isOver() {
            return this == REFUSED || this == GAVE_WAY || this == GONE;
        }

        /** The transitions of the drawing. */
        boolean mayBecome(Phase next) {
            return switch (this) {
                case NEW -> next == HANDSHAKE || next == RESERVE || next == REFUSED;
                case HANDSHAKE ->
                    next == OPENING
                            || next == RESERVE
                            || next == LINK
                            || next == REFUSED
                            || next == GAVE_WAY
                            || next == GONE;
                case RESERVE -> next == LINK || next == REFUSED || next == GAVE_WAY || next == GONE;
                case OPENING -> next == LINK || next == GAVE_WAY || next == GONE;
                case LINK -> next == YIELDING || next == GONE;
                case YIELDING -> next == REPLACED || next == LINK;
                case REPLACED, REFUSED, GAVE_WAY -> next == GONE;
                case GONE -> false;
            };
        }
    }

    private final Cidr from;
    /** Has the connection's loop close it, to make room for another one. Only enqueues. */
    final Runnable giveWay;

    volatile Phase phase = Phase.NEW;
    /** The place among the handshakes, or the replaced links, that give way to each other; null in other phases. */
    Holders.@Nullable Place<Admission> place;
    /** The address and the networks for which the connection is counted. */
    Source[] sources = {};

    volatile @Nullable Metric limit;

    Admission(Cidr from, Runnable giveWay) {
        this.from = from;
        this.giveWay = giveWay;
    }

    /** The client's address. Its text is the one that may be written in {@code limits.deny}. */
    public Cidr from() {
        return from;
    }

    /** True if the connection may begin its handshake. */
    public boolean isAdmitted() {
        return phase != Phase.REFUSED;
    }

    /** True during the handshake of a connection that was let in only to resume a session. */
    public boolean isInReserve() {
        return phase == Phase.RESERVE;
    }

    /** The limit for which the connection was refused, is in the reserve, or gave way. */
    public Metric limit() {
        Metric why = limit;
        if (why == null) {
            throw new IllegalStateException("no limit stands against it");
        }
        return why;
    }
}
