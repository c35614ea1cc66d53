package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Reason;
import net.voltlane.server.link.DeadPeerDetector;
import net.voltlane.server.link.LoopQueue;
import net.voltlane.server.link.SendQueue;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.QueueView;
import org.jspecify.annotations.Nullable;

/**
 * The output of a client's link. Offers the frames of each batch to the socket, right from the loop queue's buffer; frames
 * that the socket does not take wait within bounds. While something may be unacknowledged, the loop watches whether the
 * client is still there. Belongs to the link's loop, but for {@link #heldBytes}.
 */
final class LinkOutput implements LoopQueue.Receiver, DeadPeerDetector.Peer {
    private final ClientLink link;
    private final LinkContext context;
    private final SendQueue queue;

    /**
     * The loop queue's buffer with the last frames that the batch under way has brought for this client; null if there
     * are none. They are offered to the socket at the end of the batch.
     */
    private @Nullable ByteBuf arrived;

    private int arrivedIndex;
    private int arrivedBytes;

    private boolean queuedForFlush;
    /** More waits than may, and the firehose waits for this client: the session was told so. */
    private boolean blocking;
    /** More waited than may, and the session was told to end for it. It is told, and the log is, only once. */
    private boolean failed;
    /** The session was told that much waits, for the master. Version 2 only: version 3 counts what it keeps. */
    private boolean isMuch;
    /** The session has taken the link away: frames that come now only crossed that on their way. */
    private boolean ended;
    /** The session is live, and something waits for its socket. */
    private boolean slow;
    /** Something was sent since the last look at the peer's acknowledgements. */
    private boolean sent;
    /** The {@link DeadPeerDetector} looks at this link now and then. */
    private boolean watched;

    /** The bytes held here, for the session loop to read; written on the link's loop only. */
    private volatile long heldBytes;

    LinkOutput(ClientLink link) {
        this.link = link;
        context = link.context;
        LoopMemory memory = context.memory();
        queue = new SendQueue(
                link.channel(),
                context.transport(),
                memory.allocator(),
                link.protocol.counting(),
                memory.budget(),
                this::afterSending);
    }

    /** Bytes held of output. Any thread. */
    long heldBytes() {
        return heldBytes;
    }

    /** The packets that count against the bounds and have not gone, for operators. */
    QueueView waiting() {
        return new QueueView(
                queue.waitingPackets(),
                queue.waitingBytes(),
                context.settings().get().channel());
    }

    // ---- frames arrive

    @Override
    public void frames(ByteBuf buf, int index, int length) {
        assert link.isOnItsLoop() : "belongs to the link's loop";
        if (ended) {
            return;
        }
        settle();
        link.protocol.arrived(link, buf, index, length);
        arrived = buf;
        arrivedIndex = index;
        arrivedBytes = length;
        if (!queuedForFlush) {
            queuedForFlush = true;
            context.queues().flushLater(this);
        }
    }

    /** Moves the frames that have arrived into the queue, since others come behind them, or the output ends. */
    private void settle() {
        ByteBuf buf = arrived;
        if (buf != null) {
            arrived = null;
            queue.add(buf, arrivedIndex, arrivedBytes);
        }
    }

    /**
     * Sends packets that the client missed while it was away. They go first, and count against no bound.
     *
     * @param frames now this object's
     */
    void missed(List<ByteBuf> frames) {
        assert link.isOnItsLoop() : "belongs to the link's loop";
        frames.forEach(queue::addUncounted);
        flush();
    }

    /**
     * Sends a frame that belongs to the link alone, behind the packets that have arrived. Returns false, and does nothing,
     * while the socket is full.
     */
    boolean control(byte[] frame) {
        if (!takesControl()) {
            return false;
        }
        queue.add(buffer(frame));
        flush();
        return true;
    }

    /** Sends such frames: {@code length} bytes from {@code index} on. {@code frames} stays the caller's. */
    boolean control(ByteBuf frames, int index, int length) {
        if (!takesControl()) {
            return false;
        }
        queue.send(frames, index, length);
        afterSending();
        return true;
    }

    private boolean takesControl() {
        assert link.isOnItsLoop() : "belongs to the link's loop";
        if (queue.isFull() || ended) {
            return false;
        }
        settle();
        return true;
    }

    /**
     * Sends an acknowledgement of this many data packets. While the socket is full it waits, before everything else and in
     * the place of an older one. Returns false, and does nothing, if the output has ended.
     */
    boolean acknowledge(long packets) {
        assert link.isOnItsLoop() : "belongs to the link's loop";
        if (ended) {
            return false;
        }
        settle();
        AckFrame.add(queue, context.memory().allocator(), packets);
        if (queue.isFull()) {
            publishHeld();
        } else {
            flush();
        }
        return true;
    }

    /** Sends such a frame when a full socket has taken what it was offered, before packets that wait. */
    void controlSoon(byte[] frame) {
        assert link.isOnItsLoop() : "belongs to the link's loop";
        if (!ended) {
            queue.addUncounted(buffer(frame));
            publishHeld();
        }
    }

    private ByteBuf buffer(byte[] frame) {
        return context.memory().allocator().directBuffer(frame.length).writeBytes(frame);
    }

    // ---- sending

    /** Offers everything that waits to the socket; the batch has ended. */
    void flush() {
        assert link.isOnItsLoop() : "belongs to the link's loop";
        queuedForFlush = false;
        ByteBuf buf = arrived;
        if (buf != null) {
            arrived = null;
            link.protocol.send(link, queue, buf, arrivedIndex, arrivedBytes);
        } else {
            queue.flush();
        }
        afterSending();
    }

    /** Called after a flush, and each time that the socket of a full queue has taken what it was offered. */
    private void afterSending() {
        if (!sent || !watched) {
            expectAnswer();
        }
        publishHeld();
        if (slow != queue.isFull() && !ended) {
            slow(!slow);
        }
        if (link.isLive()) {
            if (!queue.isFull()) {
                link.protocol.allTaken(link);
            }
            checkBounds();
        } else if (queue.isEmpty()) {
            link.allSent();
        }
    }

    private void slow(boolean now) {
        slow = now;
        if (now) {
            context.figures().slowBegins();
        } else {
            context.figures().slowEnds();
            link.protocol.socketHasRoom(this);
        }
    }

    private void checkBounds() {
        if (failed || !queue.isFull() && !blocking && !isMuch) {
            return;
        }
        long packets = queue.waitingPackets();
        long bytes = queue.waitingBytes();
        EdgeSettings settings = context.settings().get();
        if (link.protocol.pacesByQueue() && context.queues().masterAcknowledges()) {
            lookAtPace(settings.channel().areMuchUsedBy(packets, bytes, isMuch), bytes);
        }
        if (blocking && (!settings.blocksOnOverflow() || settings.channel().areHalfFreeWith(packets, bytes))) {
            blocking = false;
            context.settings().blocksNoMore(this);
            context.sessions().unblocked(link);
        }
        if (blocking || !settings.channel().areExceededBy(packets, bytes)) {
            return;
        }
        if (settings.blocksOnOverflow()) {
            blocking = true;
            context.settings().blocks(this);
            context.sessions().blocked(link);
        } else {
            fail("its client does not read what is sent to it");
        }
    }

    private void lookAtPace(boolean now, long bytes) {
        if (now != isMuch) {
            isMuch = now;
            context.sessions().paced(link, now, bytes);
        }
    }

    /** More is kept for the client than may: its session ends. */
    void fail(String how) {
        if (!failed) {
            failed = true;
            context.faults().ended(how, link.admission.from());
            context.sessions().violated(link, Reason.BUFFER_OVERFLOW);
        }
    }

    /** Other bounds, or another policy, hold from now on. The firehose waits for this link. */
    void settingsChanged() {
        if (link.isLive()) {
            checkBounds();
        }
    }

    /** Ends the link after an internal error in sending: it is unknown which bytes the socket has taken. */
    void broken() {
        arrived = null;
        link.broken();
    }

    // ---- the watch for a vanished client

    /** Watches the client until it has acknowledged everything, since something was just sent. */
    void expectAnswer() {
        sent = true;
        if (!watched) {
            watched = context.timeouts().expectAcknowledgement(this);
        }
    }

    @Override
    public Channel channel() {
        return link.channel();
    }

    @Override
    public boolean isUp() {
        return link.isUp();
    }

    @Override
    public boolean pollSent() {
        boolean since = sent || !queue.isEmpty();
        sent = false;
        return since;
    }

    @Override
    public void unwatched() {
        watched = false;
    }

    @Override
    public void vanished() {
        context.faults().count(Metric.CLIENT_PEER_UNACKNOWLEDGED);
        long secs = TimeUnit.NANOSECONDS.toSeconds(context.settings().get().peerTimeoutNanos());
        String why = "acknowledged nothing for " + secs + " s (listener.peer_timeout_secs)";
        context.faults().disconnected(why, link.admission.from());
        link.vanished();
    }

    // ---- the end

    /** Accepts no frames from now on. Those that have arrived are in the queue. */
    void end() {
        assert link.isOnItsLoop() : "belongs to the link's loop";
        settle();
        acceptNoMore();
    }

    private void acceptNoMore() {
        ended = true;
        context.settings().blocksNoMore(this);
        if (slow) {
            slow(false);
        }
    }

    /**
     * Puts the last frames of the link behind all that waits, or behind what the channel has, since a frame that the
     * socket has begun is not cut.
     *
     * @param keepsAll true: everything that waits goes out before; false: as little as can be
     * @param frames the last; null if there are none
     */
    void sayLast(boolean keepsAll, byte @Nullable [] frames) {
        assert link.isOnItsLoop() : "belongs to the link's loop";
        if (!keepsAll) {
            queue.dropWaiting();
        }
        if (frames != null) {
            queue.add(buffer(frames));
        }
        publishHeld();
    }

    /** Bytes that the socket has not taken. */
    long remainingBytes() {
        return queue.remainingBytes();
    }

    /** Takes back every frame that the socket has not wholly taken; the socket takes nothing any more. */
    List<ByteBuf> takeBack() {
        assert link.isOnItsLoop() : "belongs to the link's loop";
        return queue.takeBack();
    }

    /** Drops everything, and accepts no frames from now on. */
    void drop() {
        assert link.isOnItsLoop() : "belongs to the link's loop";
        acceptNoMore();
        arrived = null;
        queue.release();
        link.protocol.drop(link);
        publishHeld();
    }

    private void publishHeld() {
        long now = queue.chargedBytes();
        if (now != heldBytes) {
            heldBytes = now;
        }
    }
}
