package net.voltlane.server.uplink;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import net.voltlane.protocol.Reason;
import net.voltlane.server.link.FrameCutter;
import net.voltlane.server.session.MasterPort;
import net.voltlane.server.session.Sessions;

/**
 * A version of the firehose: its packets for the events of a session's life, which {@link MasterPort} describes; what is
 * kept for the master, over all links; how a link begins; and the meaning of the master's packets. Belongs to the session
 * loop.
 */
interface Firehose {
    /** The links, as the firehose sees them. */
    interface Uplink {
        /** The link lives: the master speaks this version. */
        void greeted();

        /**
         * Ends a link on which the master does not speak this version.
         *
         * @param isSilent true if nothing was answered in time, false if the answer was wrong
         */
        void unanswered(Channel link, String how, boolean isSilent);

        /** Ends a link that can't be read any further, so that what it was just sent still arrives. */
        void refuse(Channel link, String why);

        /** The link has ended. */
        void lost(Channel link, String why);

        /** The master has acknowledged packets that it had on this link, which shows that it does its work. */
        void proven();

        /** Packets may have been sent, or acknowledged. */
        void sent();
    }

    // ---- events

    void opened(MasterPort.Subject session);

    void adopted(MasterPort.Subject session);

    boolean letGo(MasterPort.Subject session);

    void abandoned(MasterPort.Subject session, Reason reason);

    MasterPort.Adopts adopts();

    long firstPacket(MasterPort.Subject session);

    void dataFollows(MasterPort.Subject session);

    void suspended(MasterPort.Subject session, String cause);

    void resumed(MasterPort.Subject session, boolean isTakeover);

    void ended(MasterPort.Subject session, Reason reason, byte[] text);

    void delivered(MasterPort.Subject session);

    void taken(MasterPort.Subject session, long packets);

    void slow(MasterPort.Subject session, long keptBytes);

    void ready(MasterPort.Subject session, long keptBytes);

    boolean wantsDelivered();

    boolean acknowledges();

    boolean notFound(long id);

    // ---- the stream to the master

    /** Takes whole frames with data of clients, {@code length} bytes from {@code index} on. */
    void frames(ByteBuf buf, int index, int length);

    /** Offers what waits to the socket at the end of the tick, once for all that the tick brings. */
    void flushSoon();

    /** Offers what waits to the socket now, and tells the master of all that was received. */
    void flush();

    /** True if the master has everything that was meant for it, as far as this version can know. */
    boolean isDone();

    /** Data packets that wait for the master, which are counted against the bound. */
    long waitingPackets();

    /** Bytes of the data packets that wait for the master, which are counted against the bound. */
    long waitingBytes();

    /** Replaces the bounds, and holds clients back or lets them go on by the new ones. */
    void settings(UplinkSettings next);

    // ---- links

    /** Comes before the first link. */
    void start();

    /** Makes the reader of one link's input. */
    FrameCutter reader(Channel link, Sessions sessions, int maxFrameBytes);

    /** Begins with a new link. */
    void attach(Channel link, Sessions sessions);

    /** The link is closed. What it has not taken waits for the next one. */
    void detach();

    /** Part of the link's input has been read. */
    void wasRead();

    /** Drops everything. */
    void close();
}
