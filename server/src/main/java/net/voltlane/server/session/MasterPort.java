package net.voltlane.server.session;

import net.voltlane.protocol.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The master's side as sessions see it: it takes the events of a session's life, and hides the version of the firehose.
 * A version leaves out the events for which it has no packet. Called on the session loop; every event is only queued, in
 * the order of the calls, and is never held back. Data of clients does not pass here, but on the loop queues.
 *
 * <pre>
 *   opened ──► live ──suspended──► suspended ──resumed──► live
 *              live ──resumed──► live           (another link has taken over)
 *              live, suspended ──ended──► (over)
 * </pre>
 *
 * <p>{@link #firstPacket} comes once, while the session is live, or never.
 */
public interface MasterPort {
    /**
     * The session of an event. The master's side may keep it beyond the session's end, for as long as something of the
     * session waits for the master. Belongs to the session loop.
     */
    interface Subject {
        long id();

        /**
         * True once a packet of its client was queued for the master. Version 2 begins a session with that packet: the
         * master knows of no session before.
         */
        boolean isKnownToMaster();

        /** The ends of its link. Only while it has one, which is so at {@link #opened} and {@link #resumed}. */
        LinkOrigin origin();

        /** The version of the client link that opened it. */
        int protocolVersion();

        /** The credentials that its client has shown; null where there are none. */
        byte @Nullable [] credentials();

        /**
         * The number of servers that have had it, this one included; 0 where sessions have no records outside of their
         * server.
         */
        default long epoch() {
            return 0;
        }

        /** The counts that are told of an adopted session; null once the master has answered with its own. */
        default @Nullable Adopting adopting() {
            return null;
        }

        /** Data packets of its client on links that are detached: all of them, once it has ended. */
        long takenUp();

        /** Data packets of the master's that its client has acknowledged; 0 in version 2, see {@link MasterPort#taken}. */
        long delivered();

        /** The number of the master's next Data packet for it, counted from 1. */
        long nextDown();

        /**
         * The master has taken over this many Data packets of its client in all. Called only where {@link
         * MasterPort#acknowledges}.
         */
        void acknowledged(long packets);
    }

    /**
     * The counts of an adopted session, as far as its client has told.
     *
     * @param nextFromClient the number of the first data packet that the client keeps; 0: not known
     * @param nextToClient the number of the first data packet that the client lacks; 0: not known
     */
    record Adopting(long nextFromClient, long nextToClient) {}

    /** The part that the master takes in the adoption of sessions. */
    enum Adopts {
        /** It answers with its own counts, or says who has the session. */
        ANSWERS,
        /** It answers nothing. */
        IS_SILENT,
        /** There is no link that tells. {@link Sessions#masterReached} follows when there is one. */
        UNKNOWN
    }

    void opened(Subject session);

    /**
     * The session comes from another server, and is this one's from now on. Comes in place of {@link #opened}, and again
     * where the session's epoch has changed.
     */
    default void adopted(Subject session) {
        opened(session);
    }

    /**
     * Another server has the session. Comes in place of {@link #ended}: the master is told nothing.
     *
     * @return true if the master was told of the session by this server
     */
    default boolean letGo(Subject session) {
        return false;
    }

    /**
     * A session that was let go a while ago has ended, as far as this server can know: the server that has claimed it is gone,
     * and so is its record. A master that has the session at another server, or knows of its end, takes no notice.
     */
    default void abandoned(Subject session, Reason reason) {}

    /** The part that the master takes in the adoption of sessions. */
    default Adopts adopts() {
        return Adopts.IS_SILENT;
    }

    /**
     * The first packet of the session's client is queued next.
     *
     * @return where in the stream to the master that packet begins: the bytes of all packets that were ever queued
     */
    long firstPacket(Subject session);

    /** The first packet of the session's present link is queued next; comes for each link, behind {@link #firstPacket}. */
    void dataFollows(Subject session);

    /**
     * The session has lost its link, and waits for another.
     *
     * @param cause the reason of the loss, in words that follow a colon
     */
    void suspended(Subject session, String cause);

    /**
     * The session is live on another link.
     *
     * @param isTakeover the link before still looked alive
     */
    void resumed(Subject session, boolean isTakeover);

    /** @param text at a kick the master's own words, in UTF-8; empty where there are none */
    void ended(Subject session, Reason reason, byte[] text);

    /** The session's client has acknowledged more, see {@link Subject#delivered}. */
    void delivered(Subject session);

    /**
     * The session's client speaks version 2, and its sockets have taken this many data packets of the master's in all.
     * Comes only where {@link #acknowledges}.
     */
    void taken(Subject session, long packets);

    /** Much is kept for the session's client, which reads slowly or is away. Comes again only behind {@link #ready}. */
    void slow(Subject session, long keptBytes);

    /** Little is kept for the session's client again. */
    void ready(Subject session, long keptBytes);

    /** True if {@link #delivered} is of use: the master wants to know, and there is a packet for it. */
    boolean wantsDelivered();

    /**
     * True if the master acknowledges what clients send, by {@link Subject#acknowledged}. Where not, a packet counts as
     * taken over once it is queued for the master. Never changes.
     */
    boolean acknowledges();

    /**
     * The master has sent something for an id that has no session.
     *
     * @return true if the master is told; false if that is left out, as the queue is at its bound or the version has no
     *     packet for it
     */
    boolean notFound(long id);

    /** Stops reading the firehose until {@link #unblock}: a client's policy is to wait for it. Calls do not nest. */
    void block();

    /** Ends what {@link #block} began. */
    void unblock();
}
