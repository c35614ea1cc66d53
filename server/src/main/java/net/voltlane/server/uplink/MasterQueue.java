package net.voltlane.server.uplink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import net.voltlane.server.link.Gate;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.link.SendQueue;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The queue of packets to the master. It keeps their order over all links, and outlives them: a packet that a lost link
 * took only in part is sent again, whole. While too much data waits, it shuts the {@link Gate}, which holds clients back.
 * Belongs to the session loop.
 */
final class MasterQueue {
    /**
     * The size of a backlog that is offered to the socket before the tick ends: frames that the socket does not take
     * must be counted before more is read.
     */
    private static final int LARGE_BACKLOG_BYTES = 256 * 1024;

    private static final int CONTROL_PART_BYTES = 4 * 1024;

    private final EventLoop loop;
    private final ByteBufAllocator allocator;
    private final Gate gate;
    private UplinkSettings settings;
    private final Counters counters;
    private final Runnable onSent;
    private final SendQueue queue;

    /** Bytes of all packets that were ever put into {@link #queue}, except for announcements. */
    private long queuedBytes;

    /** Packets of the server's own that are sent behind those in {@link #queue}. */
    private @Nullable ByteBuf control;

    private final Runnable flushTask = this::flush;
    private boolean flushScheduled;
    /** From now on packets are dropped: they come from loops that have not ended yet, and would never be sent. */
    private boolean closed;

    /**
     * @param account is charged for the packets that wait
     * @param onSent called each time that packets may have been sent
     */
    MasterQueue(
            UplinkSettings settings,
            MasterUplink.Dependencies around,
            MemoryAccount account,
            Counters counters,
            Runnable onSent) {
        loop = around.loop();
        allocator = around.allocator();
        gate = around.gate();
        this.settings = settings;
        this.counters = counters;
        this.onSent = onSent;
        queue = new SendQueue(null, around.firehose().transport(), allocator, FirehoseV2::isData, account, this::sent);
    }

    // ---- packets that come ----

    /** Takes whole firehose frames, {@code length} bytes from {@code index} on. {@link #flushSoon} sends them. */
    void frames(ByteBuf buf, int index, int length) {
        assert loop.inEventLoop() : "belongs to the session loop";
        if (closed) {
            return;
        }
        queueControl();
        queuedBytes += length;
        queue.add(buf, index, length);
        if (queue.isFull()) {
            checkBounds();
        } else if (queue.remainingBytes() >= LARGE_BACKLOG_BYTES) {
            queue.flush();
            checkBounds();
        }
    }

    /** The position of the next packet in the stream to the master: the bytes of all packets before it. */
    long position() {
        assert loop.inEventLoop() : "belongs to the session loop";
        return queuedBytes + (control == null ? 0 : control.readableBytes());
    }

    /** Adds a packet of the server's own, which no bound ever holds back. */
    void add(long id, Flag flag, byte[] data) {
        assert loop.inEventLoop() : "belongs to the session loop";
        if (closed) {
            return;
        }
        int bytes = Tag.FRAME_HEADER_BYTES + data.length;
        ByteBuf out = control;
        if (out != null && out.maxWritableBytes() < bytes) {
            queueControl();
            out = null;
        }
        if (out == null) {
            out = allocator.directBuffer(bytes, CONTROL_PART_BYTES);
            control = out;
        }
        write(out, id, flag, data);
        flushSoon();
    }

    static void write(ByteBuf out, long id, Flag flag, byte[] data) {
        out.writeIntLE(Tag.BYTES + data.length)
                .writeLongLE(id)
                .writeByte(flag.code())
                .writeBytes(data);
    }

    private void queueControl() {
        if (control != null) {
            queuedBytes += control.readableBytes();
            queue.add(control);
            control = null;
        }
    }

    // ---- packets that go ----

    /** Offers the packets to the socket at the end of the tick, once for all that the tick brings. */
    void flushSoon() {
        assert loop.inEventLoop() : "belongs to the session loop";
        if (!flushScheduled) {
            flushScheduled = true;
            loop.execute(flushTask);
        }
    }

    /** Offers the packets to the socket now. */
    void flush() {
        assert loop.inEventLoop() : "belongs to the session loop";
        flushScheduled = false;
        queueControl();
        queue.flush();
        sent();
    }

    private void sent() {
        checkBounds();
        onSent.run();
    }

    /** True if no packet waits. */
    boolean isEmpty() {
        assert loop.inEventLoop() : "belongs to the session loop";
        return queue.isEmpty() && control == null;
    }

    // ---- the links ----

    /**
     * The sent part of the stream: the bytes of all packets that links have wholly taken. The rest waits here, a packet
     * that a lost link took in part from its first byte on.
     */
    long sentBytes() {
        assert loop.inEventLoop() : "belongs to the session loop";
        return queuedBytes - queue.remainingBytes();
    }

    /**
     * Goes on with a new link.
     *
     * @param announcements whole packets, sent before what waits; they count against no bound, and are lost with the
     *     link. Null if there are none
     */
    void attach(Channel next, @Nullable ByteBuf announcements) {
        assert loop.inEventLoop() : "belongs to the session loop";
        queueControl();
        queue.attach(next, announcements);
        sent();
    }

    /** The link is closed. The packets that it has not wholly taken wait for the next one, except for announcements. */
    void detach() {
        assert loop.inEventLoop() : "belongs to the session loop";
        queueControl();
        queue.detach();
        checkBounds();
    }

    /** Drops all packets, now and from now on. The link must be closed before, or its output shut down. */
    void close() {
        assert loop.inEventLoop() : "belongs to the session loop";
        closed = true;
        if (control != null) {
            control.release();
            control = null;
        }
        queue.release();
    }

    // ---- the bounds ----

    /** Data packets that wait, which are counted against the bound. */
    long waitingPackets() {
        assert loop.inEventLoop() : "belongs to the session loop";
        return queue.waitingPackets();
    }

    /** Bytes of the data packets that wait, which are counted against the bound. */
    long waitingBytes() {
        assert loop.inEventLoop() : "belongs to the session loop";
        return queue.waitingBytes();
    }

    /** Replaces the bounds, and holds clients back or lets them go on by the new ones. */
    void settings(UplinkSettings next) {
        assert loop.inEventLoop() : "belongs to the session loop";
        settings = next;
        checkBounds();
    }

    boolean isAtBound() {
        assert loop.inEventLoop() : "belongs to the session loop";
        // Failures count against no bound of data, but answers to packets without a session must have a bound.
        return gate.isShut() || (queue.isFull() && queue.remainingBytes() >= settings.queueBytes());
    }

    /** Shuts the gate when a bound is reached, and opens it at half of both bounds. */
    private void checkBounds() {
        if (!queue.isFull() && !gate.isShut()) {
            return;
        }
        long packets = queue.waitingPackets();
        long bytes = queue.waitingBytes();
        if (!gate.isShut()) {
            if (packets >= settings.queuePackets() || bytes >= settings.queueBytes()) {
                counters.count(Metric.CLIENTS_HELD_BACK);
                gate.shut();
            }
        } else if (packets <= settings.queuePackets() / 2 && bytes <= settings.queueBytes() / 2) {
            gate.open();
        }
    }
}
