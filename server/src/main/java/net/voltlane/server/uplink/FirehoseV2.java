package net.voltlane.server.uplink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.FrameCutter;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.MasterPort;
import net.voltlane.server.session.Sessions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Version 2 of the firehose: the packets for the events of a session's life, and the meaning of the master's packets.
 * Data is not written here. Client loops write it, in a layout that all versions share.
 *
 * <pre>
 *   event                          packet of the server          packet of the master      effect
 *   resumed, or on a new link      Reconnection, no text         Data                      delivered to the client
 *   ended, or not found            Failure, the reason           Kick                      ends the session
 *                                                                Failure, Reconnection     none
 * </pre>
 *
 * <p>Belongs to the session loop.
 */
final class FirehoseV2 implements Firehose {
    private static final byte[] NO_TEXT = {};
    private static final byte[][] REASONS = new byte[Reason.values().length][];

    static {
        for (Reason reason : Reason.values()) {
            REASONS[reason.ordinal()] = reason.text().getBytes(StandardCharsets.UTF_8);
        }
    }

    private final Firehose.Uplink uplink;
    private final MasterQueue queue;
    private final ByteBufAllocator allocator;
    private final MemoryAccount account;
    private final Counters counters;
    private final RateLimitedLog faults;
    private final LetGoIds letGo = new LetGoIds();

    /** A log of the master's packets that can't be read. */
    static RateLimitedLog faultLog(Logger log, LongSupplier nanoClock) {
        return new RateLimitedLog(
                log,
                LogEvent.MASTER_PACKETS_SKIPPED,
                "Skipped",
                "packet from the master",
                "packets from the master",
                nanoClock);
    }

    /**
     * @param account is charged for the packets that wait
     * @param faults logs the master's packets that can't be read
     */
    FirehoseV2(
            Firehose.Uplink uplink,
            UplinkSettings settings,
            MasterUplink.Dependencies around,
            MemoryAccount account,
            Counters counters,
            RateLimitedLog faults) {
        this.uplink = uplink;
        this.allocator = around.allocator();
        this.account = account;
        this.counters = counters;
        this.faults = faults;
        queue = new MasterQueue(settings, around, account, counters, uplink::sent);
    }

    // ---- packets of the server ----

    /** True if the frame at {@code index} carries data of a client, which counts against the queue's bounds. */
    static boolean isData(ByteBuf buf, int index) {
        return buf.getByte(index + Tag.FLAG_OFFSET_IN_FRAME) == Flag.DATA.code();
    }

    @Override
    public void opened(MasterPort.Subject session) {} // no packet for it

    /** No packet for it: the session resumes right behind. */
    @Override
    public void adopted(MasterPort.Subject session) {
        letGo.remove(session.id());
    }

    /** The other server tells the master. */
    @Override
    public boolean letGo(MasterPort.Subject session) {
        letGo.add(session.id());
        return session.isKnownToMaster();
    }

    @Override
    public void abandoned(MasterPort.Subject session, Reason reason) {
        ended(session, reason, NO_TEXT);
    }

    @Override
    public MasterPort.Adopts adopts() {
        return MasterPort.Adopts.IS_SILENT;
    }

    @Override
    public long firstPacket(MasterPort.Subject session) {
        return queue.position();
    }

    @Override
    public void dataFollows(MasterPort.Subject session) {}

    @Override
    public void suspended(MasterPort.Subject session, String cause) {} // no packet for it

    /** The master learns of a session by its first packet: before that, no event of it may be told. */
    @Override
    public void resumed(MasterPort.Subject session, boolean isTakeover) {
        if (session.isKnownToMaster()) {
            queue.add(session.id(), Flag.RECONNECTION, NO_TEXT);
        }
    }

    @Override
    public void ended(MasterPort.Subject session, Reason reason, byte[] text) {
        if (session.isKnownToMaster()) {
            failure(session.id(), reason);
        }
    }

    @Override
    public void delivered(MasterPort.Subject session) {} // no packet for it

    @Override
    public void taken(MasterPort.Subject session, long packets) {} // no packet for it

    @Override
    public void slow(MasterPort.Subject session, long keptBytes) {} // no packet for it

    @Override
    public void ready(MasterPort.Subject session, long keptBytes) {} // no packet for it

    @Override
    public boolean wantsDelivered() {
        return false;
    }

    /** The master of version 2 acknowledges nothing. */
    @Override
    public boolean acknowledges() {
        return false;
    }

    @Override
    public boolean notFound(long id) {
        if (queue.isAtBound() || letGo.contains(id)) {
            return false;
        }
        failure(id, Reason.CLIENT_NOT_FOUND);
        return true;
    }

    private void failure(long id, Reason reason) {
        queue.add(id, Flag.FAILURE, REASONS[reason.ordinal()]);
    }

    /** The packets that a new link begins with: a Reconnection for each session that the master knows; null if none. */
    private @Nullable ByteBuf announcements(Sessions sessions) {
        ByteBuf out = allocator.directBuffer();
        sessions.announce(queue.sentBytes(), id -> MasterQueue.write(out, id, Flag.RECONNECTION, NO_TEXT));
        if (out.isReadable()) {
            return out;
        }
        out.release();
        return null;
    }

    @Override
    public void frames(ByteBuf buf, int index, int length) {
        queue.frames(buf, index, length);
    }

    @Override
    public void flushSoon() {
        queue.flushSoon();
    }

    @Override
    public void flush() {
        queue.flush();
    }

    @Override
    public boolean isDone() {
        return queue.isEmpty();
    }

    @Override
    public long waitingPackets() {
        return queue.waitingPackets();
    }

    @Override
    public long waitingBytes() {
        return queue.waitingBytes();
    }

    @Override
    public void settings(UplinkSettings next) {
        queue.settings(next);
    }

    // ---- links ----

    @Override
    public void start() {}

    /** The master says nothing of itself: a link lives as soon as it is there. */
    @Override
    public void attach(Channel link, Sessions sessions) {
        uplink.greeted();
        queue.attach(link, announcements(sessions));
    }

    @Override
    public void detach() {
        queue.detach();
    }

    @Override
    public void wasRead() {}

    @Override
    public void close() {
        queue.close();
    }

    // ---- packets of the master ----

    @Override
    public FrameCutter reader(Channel link, Sessions sessions, int maxFrameBytes) {
        return new Reader(sessions, maxFrameBytes);
    }

    /** Looks at id and flag alone: the payload stays in the buffer that it was read into. */
    private final class Reader extends FrameCutter {
        private final Sessions sessions;

        Reader(Sessions sessions, int maxFrameBytes) {
            super(maxFrameBytes, allocator, account);
            this.sessions = sessions;
        }

        @Override
        protected void frame(ByteBuf buf, int index, int length) {
            if (length < Tag.BYTES) {
                counters.count(Metric.MASTER_PACKET_SHORT);
                faults.warn("shorter than 9 bytes");
                return;
            }
            long id = buf.getLongLE(index);
            Flag flag = Flag.of(buf.getByte(index + Tag.ID_BYTES));
            if (flag == null) {
                counters.count(Metric.MASTER_PACKET_UNKNOWN_FLAG);
                faults.warn("unknown flag");
                return;
            }
            switch (flag) {
                case DATA -> sessions.data(id, buf, index + Tag.BYTES, length - Tag.BYTES);
                case KICK -> sessions.kick(id);
                case FAILURE, RECONNECTION -> counters.count(Metric.MASTER_PACKET_IGNORED);
            }
        }
    }
}
