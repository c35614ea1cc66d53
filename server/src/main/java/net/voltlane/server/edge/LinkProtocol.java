package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.List;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Reason;
import net.voltlane.server.link.LoopQueue;
import net.voltlane.server.link.SendQueue;
import net.voltlane.server.session.ClientProtocol;
import net.voltlane.server.session.Resumption;
import org.jspecify.annotations.Nullable;

/**
 * A protocol version on links whose session was asked for: the meaning of a client's frames, the answers that end a
 * handshake, and the packets that count as undelivered. {@link ClientProtocol} is the same version as sessions see it,
 * and writes the prefix of each packet for a client.
 *
 * <p>A version that keeps nothing for a link is one object for all links. A version that does keep something (counts,
 * copies of what is not acknowledged) has an object for each link, made by its {@link ClientHandshake}. Belongs to the
 * loop of the link that it is called for.
 */
abstract class LinkProtocol {
    /** The version as sessions see it. */
    abstract ClientProtocol version();

    /** The longest payload of a client's frame. */
    abstract int maxFrameBytes(EdgeSettings settings);

    /**
     * Takes a frame from the client: {@code length} bytes of payload from {@code index} on. {@code buf} stays the
     * caller's.
     */
    abstract void frame(ClientLink link, ByteBuf buf, int index, int length);

    /** A read is done: its data packets were forwarded, and are {@code bytes} long in all. */
    void wasRead(ClientLink link, int packets, long bytes) {}

    /** The transport's codec has read bytes of the client that no frame shows: a sign of life. */
    void codecWasRead() {}

    /** The frames that count against the bound of what a socket has not taken. */
    SendQueue.Counting counting() {
        return (buf, frame) -> true;
    }

    /**
     * Takes note of packets for the client, which are whole frames from {@code index} on. They go to the socket later.
     * {@code buf} stays the caller's.
     */
    void arrived(ClientLink link, ByteBuf buf, int index, int length) {}

    /** Offers packets that have arrived to the socket, behind all that waits. {@code buf} stays the caller's. */
    void send(ClientLink link, SendQueue queue, ByteBuf buf, int index, int length) {
        queue.send(buf, index, length);
    }

    /** True if what waits for the socket is what the master may want to know of; false where a link keeps more than that. */
    boolean pacesByQueue() {
        return true;
    }

    /** The server goes on reading the link, which it did not do for a slow master. */
    void heldBackNoMore() {}

    /** Bytes that are held for the client beside those that wait for the socket. Any thread. */
    long heldBytes() {
        return 0;
    }

    /** Tells the client that its new session is there, without a flush. */
    abstract void writeOpened(Channel channel, long id);

    /** Tells the client that its session has moved to this link, without a flush. */
    abstract void writeResumed(Channel channel, Resumption point);

    /** Returns the frames that a resumed session's client is sent first, now the caller's. */
    List<ByteBuf> takeOver(ClientLink link, Resumption point) {
        return point.frames();
    }

    /** The socket of a live link has taken all that there was for the client. */
    void allTaken(ClientLink link) {}

    /** The socket of a queue that was full has taken all that it was offered. */
    void socketHasRoom(LinkOutput output) {}

    /** The link is live. */
    void joined(ClientLink link) {}

    /** The link is ending, and never read from again. May be called more than once. */
    void ended(ClientLink link) {}

    /**
     * Answers if the client of a resumed session may send these frames before it has heard that it is resumed.
     *
     * @param early whole frames, and perhaps the beginning of one more; stays as it is
     */
    boolean mayComeEarly(ByteBuf early) {
        return true;
    }

    /**
     * Tells the client why it gets no session, without a flush. Returns false if the version has no word for it.
     *
     * @param retryAfterMillis the time before which a new attempt is of no use; 0: unknown
     */
    boolean writeClose(Channel channel, CloseCode code, long retryAfterMillis) {
        return false;
    }

    /**
     * Notes that the link is given up for this reason, while its session stays. Returns false if the version has no word
     * for it.
     */
    boolean isEnding(CloseCode why) {
        return false;
    }

    /**
     * The last frames to the client of a link that is detached; null if the version has none.
     *
     * @param reason the reason for the end of the session; null where the session goes on
     * @param text the backend's for the client; empty if there is none
     */
    byte @Nullable [] lastWord(@Nullable Reason reason, byte[] text) {
        return null;
    }

    /**
     * Data packets that the client of a session to be resumed has taken over in all; 0 where the version does not tell.
     * Called on the session loop, before {@link #writeResumed}.
     */
    long received() {
        return 0;
    }

    /**
     * The number of the first data packet that the client keeps; 1 where the version does not tell. Called as {@link
     * #received}.
     */
    long kept() {
        return 1;
    }

    /**
     * Data packets for the client, on all links of the session, that it has acknowledged; in version 2 that sockets have
     * taken, and 0 where nobody may want to know.
     */
    long acknowledged() {
        return 0;
    }

    /** Packets, from the first unacknowledged one on, that count against no bound; 0 in version 2. */
    long excused() {
        return 0;
    }

    /**
     * The backend has acknowledged this many data packets of the client, on all links. Called on the session loop.
     *
     * @param down the queue to the link's loop
     */
    void acknowledged(LoopQueue down, long packets) {}

    /** Takes back every packet that the client has not had, as frames for its next link. */
    abstract List<ByteBuf> takeUndelivered(ClientLink link);

    /** Drops what is kept for the client. */
    void drop(ClientLink link) {}
}
