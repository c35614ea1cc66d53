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
 * What goes out on a client's link: each batch is offered to the socket right from the loop queue's buffer, what the socket
 * does not take waits within bounds, and while something may be unacknowledged the loop looks whether the client is
 * still there. Belongs to the link's loop.
 */
final class LinkOutput implements LoopQueue.Receiver, DeadPeerDetector.Peer {
    private final ClientLink link;
    private final LinkContext context;
    private final SendQueue queue;

    /**
     * What the batch under way has brought for this client, in the loop queue's own buffer: offered to the socket from right
     * there at the end of the batch.
     */
    private @Nullable ByteBuf arrived;

    private int arrivedIndex;
    private int arrivedBytes;

    private boolean queuedForFlush;
    private boolean overflowed;
    /** What comes now only crossed the end of its session. */
    private boolean ended;
    /** Something was sent since the loop last looked at what the peer acknowledges. */
    private boolean sent;
    /** The loop looks at it, every now and then. */
    private boolean watched;

    /** What is held of what is to go, for the session loop to compare; written here only. */
    private volatile long heldBytes;

    LinkOutput(ClientLink link) {
        this.link = link;
        context = link.context;
        LoopMemory memory = context.memory();
        queue = new SendQueue(
                link.channel(),
                context.transport(),
                memory.allocator(),
                (buf, frame) -> true,
                memory.budget(),
                this::afterSending);
    }

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

    // ---- what comes for it ----

    @Override
    public void frames(ByteBuf buf, int index, int length) {
        if (ended) {
            return;
        }
        settle();
        arrived = buf;
        arrivedIndex = index;
        arrivedBytes = length;
        if (!queuedForFlush) {
            queuedForFlush = true;
            context.queues().flushLater(this);
        }
    }

    /** Puts what has arrived into the queue: more comes behind it, or the batch's buffer is about to go. */
    private void settle() {
        ByteBuf buf = arrived;
        if (buf != null) {
            arrived = null;
            queue.add(buf, arrivedIndex, arrivedBytes);
        }
    }

    /** What the client missed: goes first, and counts against no bound. */
    void missed(List<ByteBuf> frames) {
        frames.forEach(queue::addUncounted);
        flush();
    }

    // ---- sending ----

    void flush() {
        queuedForFlush = false;
        ByteBuf buf = arrived;
        if (buf != null) {
            arrived = null;
            queue.send(buf, arrivedIndex, arrivedBytes);
        } else {
            queue.flush();
        }
        afterSending();
    }

    /** After a flush, and each time that a full queue's socket has taken what it was offered. */
    private void afterSending() {
        if (!sent || !watched) {
            expectAnswer();
        }
        publishHeld();
        if (link.isLive()) {
            checkBounds();
        } else if (queue.isEmpty()) {
            link.allSent();
        }
    }

    private void checkBounds() {
        if (!queue.isFull() && !overflowed) {
            return;
        }
        long packets = queue.waitingPackets();
        long bytes = queue.waitingBytes();
        EdgeSettings settings = context.settings().get();
        if (overflowed && (!settings.blocksOnOverflow() || settings.channel().areHalfFreeWith(packets, bytes))) {
            overflowed = false;
            context.settings().blocksNoMore(this);
            context.sessions().unblocked(link);
        }
        if (!overflowed && settings.channel().areExceededBy(packets, bytes)) {
            overflowed = true;
            if (settings.blocksOnOverflow()) {
                context.settings().blocks(this);
                context.sessions().blocked(link);
            } else {
                context.faults().ended("its client does not read what is sent to it", link.admission.from());
                context.sessions().violated(link, Reason.BUFFER_OVERFLOW);
            }
        }
    }

    /** Other bounds, or another policy, hold from now on. The firehose waits for this link. */
    void settingsChanged() {
        if (link.isLive()) {
            checkBounds();
        }
    }

    /** Sending failed for a fault of ours: nobody knows any more what of it the socket has. */
    void broken() {
        arrived = null;
        link.broken();
    }

    // ---- whether the client is still there ----

    /** Something is on its way to the client, who is to acknowledge it. */
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
    public boolean hasSent() {
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

    // ---- the end ----

    /** Takes nothing more; what has come so far is in the queue. */
    void end() {
        settle();
        ended = true;
        context.settings().blocksNoMore(this);
    }

    /** Bytes that the socket has not taken. */
    long remainingBytes() {
        return queue.remainingBytes();
    }

    /** Every frame that the socket has not wholly taken; only once it takes nothing any more. */
    List<ByteBuf> takeBack() {
        return queue.takeBack();
    }

    /** Drops everything, and takes nothing more. */
    void drop() {
        ended = true;
        arrived = null;
        context.settings().blocksNoMore(this);
        queue.release();
        publishHeld();
    }

    private void publishHeld() {
        long now = queue.chargedBytes();
        if (now != heldBytes) {
            heldBytes = now;
        }
    }
}
