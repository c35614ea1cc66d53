package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * The packets that a session keeps because its client has not had them, framed for the client's next link. A session has
 * such a store only while there is something in it. The bounds are the protocol version's: which packets count, and
 * against which settings. Belongs to the session loop.
 */
abstract class Undelivered {
    /**
     * Takes over the frames that a detached link gives back. Always fits.
     *
     * @param link the facts of that link
     */
    abstract void giveBack(List<ByteBuf> frames, LinkFacts link);

    /** Answers if the bounds allow {@link #keep} one more packet. One packet always fits into an empty store. */
    abstract boolean hasRoomFor(int payloadBytes, SessionSettings settings);

    /** Answers if more is kept than the bounds allow, since a link has given back more. */
    boolean isOver(SessionSettings settings) {
        return false;
    }

    /**
     * Answers if so much is kept that the master is to be told.
     *
     * @param isMuch the answer before, which stands where a version counts nothing without a link
     */
    boolean isMuch(SessionSettings settings, boolean isMuch) {
        return isMuch;
    }

    /** Copies a packet that came while the session had no link. The caller has asked {@link #hasRoomFor} before. */
    abstract void keep(ByteBuf buf, int index, int length);

    /** Copies a packet that came while the next link waits for the last one to be detached. Always fits. */
    abstract void keepForNextLink(ByteBuf buf, int index, int length);

    /** Drops the packets up to this number, which the client has. Version 2 does not know. */
    void acknowledged(long packets) {}

    /** Packets, from the first one on, that count against no bound though they are numbered; 0 in version 2. */
    long excused() {
        return 0;
    }

    /**
     * Takes out everything that the next link has to send, in order: the session resumes. The caller releases it. After
     * that the link keeps what its client has not had, and gives it back when it is detached.
     */
    abstract List<ByteBuf> take();

    /** Packets that the bounds count. */
    abstract long packets();

    /** Packets that came while the session had no link, of those that the bounds count. */
    abstract long missed();

    /** Bytes that the bounds count, prefixes included. */
    abstract long bytes();

    /** Bytes held in all, counted by a bound or not. */
    abstract long heldBytes();

    /** Drops everything: the session has ended. */
    final void release() {
        take().forEach(ByteBuf::release);
    }
}
