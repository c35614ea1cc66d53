package net.voltlane.server.session;

import net.voltlane.protocol.Reason;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.address.Holders.Place;
import org.jspecify.annotations.Nullable;

/**
 * What survives a client link: the id, the client's key, what is still to be delivered. Belongs to the session loop;
 * its life is {@link Sessions}' business.
 */
final class Session {
    /**
     * <pre>
     *   LIVE ──link lost─────────────────► DETACHING ──detached─────────────────► STALE
     *   LIVE ──another link has proved───► DETACHING ──detached, successor──────► LIVE
     *   LIVE ──kick, violation, stop…────► DETACHING ──detached, endReason──────► (ended)
     *   STALE ──proof───► LIVE             STALE ──stale time over, evicted, kicked, too much missed──► (ended)
     * </pre>
     *
     * A link is on another loop, so that taking it away is a question and an answer: DETACHING is the time between.
     */
    enum State {
        LIVE,
        DETACHING,
        STALE
    }

    final long id;
    final byte[] clientKey;
    /** The version of the link that opened it; only links of that version resume it. */
    final ClientProtocol protocol;

    State state = State.LIVE;
    /** The link; null while stale. */
    @Nullable
    ClientPort port;
    /** While detaching: the link that has proved itself and takes over. */
    @Nullable
    ClientPort successor;
    /** While detaching: why the session ends when the link is detached; null if it does not. */
    @Nullable
    Reason endReason;
    /**
     * While detaching for a successor: why the session ends once that has got what was sent before; null if it does
     * not.
     */
    @Nullable
    Reason endReasonOfSuccessor;
    /** Packets that came for this session after its end was decided; answered after its Failure. */
    int tooLatePackets;
    /**
     * A packet of its client was queued for the master, so the master will have heard of it before whatever is queued
     * from now on.
     */
    boolean isKnownToMaster;
    /** Where in the stream to the master that packet begins, once {@link #isKnownToMaster}. */
    long firstPacketPosition;
    /** Its client is slow, and the firehose waits for it. */
    boolean blocking;
    /** Packets that wait for its next link; null when there are none. */
    @Nullable
    Undelivered undelivered;

    long lostAtNanos;
    /** Kept where there is to be a line about its end. */
    @Nullable
    SessionHistory history;
    /** Where its last link came from. */
    Cidr from;

    /** Its place among the stale; null while it is not stale. */
    @Nullable
    Place<Session> stalePlace;

    /** Neighbours among the stale. */
    @Nullable
    Session previous;

    @Nullable
    Session next;

    Session(long id, byte[] clientKey, ClientProtocol protocol, Cidr from) {
        this.id = id;
        this.clientKey = clientKey;
        this.protocol = protocol;
        this.from = from;
    }

    /** A master's socket has wholly taken a packet of its client; on which link makes no difference. */
    boolean wasSent(long sentBytes) {
        return isKnownToMaster && firstPacketPosition < sentBytes;
    }

    boolean isOverdue(long nowNanos, long staleTimeoutNanos) {
        return nowNanos - lostAtNanos >= staleTimeoutNanos;
    }

    /** Bytes held for its client, here and by its link. */
    long heldBytes() {
        long bytes = undelivered == null ? 0 : undelivered.heldBytes();
        return port == null ? bytes : bytes + port.heldBytes();
    }

    /** Its end is decided, and waits for its link alone. */
    boolean isEnding() {
        return endReason != null;
    }

    /** Its end is decided: what comes for it comes too late. */
    boolean isClosed() {
        return isEnding() || endReasonOfSuccessor != null;
    }
}
