package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.FrameType;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.Parameters;
import net.voltlane.server.link.KeptFrames;
import net.voltlane.server.link.LoopQueue;
import net.voltlane.server.link.SendQueue;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientProtocol;
import net.voltlane.server.session.Resumption;
import net.voltlane.server.session.Version3;
import org.jspecify.annotations.Nullable;

/**
 * Version 3 on one link: both ends count data packets, over all links of a session, and acknowledge them. Packets for the
 * client are kept until it acknowledges them, whatever the socket took. {@link Version3Life} has the frames without data.
 * There is one object for each link. Belongs to the link's loop.
 */
final class Version3Link extends Version3Life implements LoopQueue.Signal {
    /** The frames that end a handshake of version 3. */
    interface Greeting {
        /** The whole frame Opened, for a session with this id. */
        byte[] opened(long id);

        /** The whole frame Resumed, for a session that moves to the link. */
        byte[] resumed(Resumption point);

        /** Data packets for the client that it has taken over in all, by its own account. */
        long received();

        /** The number of the first data packet that the client still keeps. */
        long kept();
    }

    /** Data packets that may come without an acknowledgement. */
    private static final int MOST_UNSAID_PACKETS = 64;
    /** The payload bytes of data packets that may come without one. */
    private static final int MOST_UNSAID_BYTES = 64 * 1024;

    private static final SendQueue.Counting ONLY_DATA =
            (buf, frame) -> buf.getByte(frame + Frame.PREFIX_BYTES) == FrameType.DATA;

    /** Null once it was sent. Before that, the session loop reads its numbers. */
    private @Nullable Greeting greeting;

    // ---- from the client

    /** The client's data packets that it may forget, on all links of the session. */
    private long taken;
    /** The number of these that it was told last. */
    private long said;
    /** The payload bytes of data packets that have come since then. */
    private int unsaidBytes;
    /** The link is among the {@link OwedAcks}. */
    private boolean isNoted;

    // ---- for the client

    /** The packets that the client has not acknowledged; null if there are none. */
    private @Nullable KeptFrames unacknowledged;
    /** The packets that it has acknowledged, on all links of the session. */
    private long acknowledged;
    /** The memory that they take up, for the session loop to read; written on the link's loop only. */
    private volatile long heldBytes;
    /** The master was told that they are many. */
    private boolean isMuch;
    /** Packets that counted against no bound when they were given back. */
    private int excused;

    /** @param told the terms that the greeting tells */
    Version3Link(Greeting greeting, Parameters told) {
        super(told);
        this.greeting = greeting;
        acknowledged = greeting.received();
    }

    @Override
    ClientProtocol version() {
        return Version3.PROTOCOL;
    }

    // ---- begin

    @Override
    void writeOpened(Channel channel, long id) {
        write(channel, takeGreeting().opened(id));
    }

    @Override
    void writeResumed(Channel channel, Resumption point) {
        Greeting resumed = takeGreeting();
        write(channel, resumed.resumed(point));
        taken = point.acknowledged();
        said = Math.min(taken, resumed.kept() - 1); // a client may claim to have heard of more than there was to hear
        if (taken > said) { // the acknowledgement may have died with its link
            said = taken;
            write(channel, LinkCodec.frame(new Ack(taken)));
        }
    }

    private Greeting takeGreeting() {
        Greeting once = greetingToCome();
        greeting = null;
        return once;
    }

    /** The frames are kept, and sent from the same memory. */
    @Override
    List<ByteBuf> takeOver(ClientLink link, Resumption point) {
        assert point.received() == acknowledged : "resumed behind another packet than its client asked for";
        isMuch = point.isMuch();
        if (point.frames().isEmpty()) {
            return List.of();
        }
        KeptFrames frames = kept(link);
        frames.append(point.frames());
        frames.excuseFirst(point.excused());
        publishHeld(frames.chargedBytes());
        List<ByteBuf> slices = new ArrayList<>(point.frames().size());
        frames.chunks().forEach(chunk -> slices.add(chunk.retainedSlice()));
        return slices;
    }

    @Override
    long received() {
        return greetingToCome().received();
    }

    @Override
    long kept() {
        return greetingToCome().kept();
    }

    private Greeting greetingToCome() {
        Greeting toCome = greeting;
        assert toCome != null : "asked behind the greeting";
        return toCome;
    }

    // ---- the client sends

    @Override
    void frame(ClientLink link, ByteBuf buf, int index, int length) {
        if (!hears()) {
            return;
        }
        int type = length == 0 ? -1 : buf.getByte(index);
        if (type == FrameType.DATA) {
            data(link, buf, index, length);
        } else if (type == FrameType.ACK
                && length >= AckFrame.PAYLOAD_BYTES
                && length <= Limits.MAX_CONTROL_FRAME_BYTES) {
            acknowledges(link, AckFrame.packets(buf, index));
        } else {
            control(link, buf, index, length);
        }
    }

    @Override
    void wasRead(ClientLink link, int packets, long bytes) {
        sendPongs(link);
        if (packets > 0) {
            unsaidBytes = (int) Math.min(MOST_UNSAID_BYTES, unsaidBytes + bytes);
            if (!link.context.queues().masterAcknowledges()) {
                taken(link, taken + packets); // it is on its way to the master, and nothing of ours loses it
            }
        }
    }

    @Override
    void acknowledged(LoopQueue down, long packets) {
        down.signal(this, packets);
    }

    /** The master has taken over this many data packets of the client. */
    @Override
    public void signal(long packets) {
        ClientLink link = liveLink();
        if (link == null) {
            taken = Math.max(taken, packets);
        } else if (packets > taken) {
            taken(link, packets);
        }
    }

    private void taken(ClientLink link, long packets) {
        taken = packets;
        if (taken - said >= MOST_UNSAID_PACKETS || unsaidBytes >= MOST_UNSAID_BYTES) {
            say(link);
        } else if (!isNoted) {
            isNoted = true;
            link.context.acks().note(this);
        }
    }

    /** The client has waited long enough for its acknowledgement. */
    void acknowledgementIsDue() {
        isNoted = false;
        ClientLink link = liveLink();
        if (link != null && taken > said && !say(link)) {
            isNoted = true;
            link.context.acks().note(this);
        }
    }

    private boolean say(ClientLink link) {
        boolean isSaid = link.output.acknowledge(taken);
        if (isSaid) {
            wasSaid(link);
        }
        return isSaid;
    }

    private void wasSaid(ClientLink link) {
        said = taken;
        unsaidBytes = 0;
        link.context.faults().count(Metric.ACKS_DOWN);
    }

    @Override
    byte[] lastWord(@Nullable Reason reason, byte[] text) {
        byte[] close = super.lastWord(reason, text);
        if (reason != Reason.CLIENT_LEFT) {
            return close;
        }
        byte[] ack = LinkCodec.frame(new Ack(taken));
        byte[] both = new byte[ack.length + close.length];
        System.arraycopy(ack, 0, both, 0, ack.length);
        System.arraycopy(close, 0, both, ack.length, close.length);
        return both;
    }

    // ---- packets for the client

    @Override
    SendQueue.Counting counting() {
        return ONLY_DATA;
    }

    @Override
    boolean pacesByQueue() {
        return false;
    }

    @Override
    void arrived(ClientLink link, ByteBuf buf, int index, int length) {
        KeptFrames frames = kept(link);
        frames.append(buf, index, length);
        publishHeld(frames.chargedBytes());
        lookAtPace(link, frames);
        if (frames.exceed(link.context.settings().get().versions().unacknowledged())
                && link.isLive()
                && !link.reads.isPausedFor(ReadPause.HELD_BACK)) {
            link.output.fail("its client does not acknowledge what is sent to it");
        }
    }

    /** Tells a master that may want to know when much is kept, and when it is little again. */
    private void lookAtPace(ClientLink link, KeptFrames frames) {
        if (link.context.queues().masterAcknowledges()) {
            QueueBounds bounds = link.context.settings().get().versions().unacknowledged();
            boolean now = bounds.areMuchUsedBy(frames.packets(), frames.bytes(), isMuch);
            if (now != isMuch) {
                isMuch = now;
                link.context.sessions().paced(link, now, frames.bytes());
            }
        }
    }

    private KeptFrames kept(ClientLink link) {
        KeptFrames frames = unacknowledged;
        if (frames == null) {
            frames = link.context.memory().kept().take(acknowledged + 1);
            unacknowledged = frames;
        }
        return frames;
    }

    /** Some frames are gone. */
    private void keepsLess(ClientLink link, KeptFrames frames) {
        publishHeld(frames.chargedBytes());
        if (frames.isEmpty()) {
            unacknowledged = null;
            link.context.memory().kept().giveBack(frames);
        }
    }

    /** Sends packets, and an acknowledgement that is owed in the same write, from where the packets are kept if possible. */
    @Override
    void send(ClientLink link, SendQueue queue, ByteBuf buf, int index, int length) {
        if (taken == said || queue.isFull()) {
            queue.send(buf, index, length);
            return;
        }
        KeptFrames frames = unacknowledged;
        if (frames == null || !queue.isEmpty() || !AckFrame.sendBehind(frames, queue, length, taken)) {
            AckFrame.add(queue, link.context.memory().allocator(), taken);
            queue.add(buf, index, length);
            queue.flush();
        }
        wasSaid(link);
    }

    /** An owed acknowledgement goes out as soon as the socket takes something. */
    @Override
    void socketHasRoom(LinkOutput output) {
        super.socketHasRoom(output);
        ClientLink link = liveLink();
        if (link != null && taken > said) {
            say(link);
        }
    }

    /** The client has acknowledged this many packets. */
    private void acknowledges(ClientLink link, long packets) {
        KeptFrames frames = unacknowledged;
        long sent = frames == null ? acknowledged : frames.next() - 1;
        if (packets < acknowledged || packets > sent) {
            violated(link, "its client acknowledged what was not sent, or less than before");
            return;
        }
        if (packets > acknowledged && frames != null) {
            acknowledged = packets;
            frames.trim(packets);
            lookAtPace(link, frames);
            keepsLess(link, frames);
            link.context.faults().count(Metric.ACKS_UP);
            if (link.context.queues().masterAcknowledges()) {
                link.context.sessions().acknowledged(link, packets);
            }
        }
    }

    /** The client's acknowledgements could not be heard until now. */
    @Override
    void heldBackNoMore() {
        if (unacknowledged != null) {
            unacknowledged.excuse();
        }
    }

    @Override
    long heldBytes() {
        return heldBytes;
    }

    private void publishHeld(long now) {
        if (now != heldBytes) {
            heldBytes = now;
        }
    }

    // ---- end

    @Override
    long acknowledged() {
        return acknowledged;
    }

    @Override
    long excused() {
        return excused;
    }

    @Override
    List<ByteBuf> takeUndelivered(ClientLink link) {
        KeptFrames frames = unacknowledged;
        if (frames == null) {
            return List.of();
        }
        if (link.reads.isPausedFor(ReadPause.HELD_BACK)) {
            frames.excuse();
        }
        excused = (int) Math.min(Integer.MAX_VALUE, frames.excusedPackets());
        List<ByteBuf> chunks = frames.takeChunks();
        keepsLess(link, frames);
        return chunks;
    }

    @Override
    void drop(ClientLink link) {
        KeptFrames frames = unacknowledged;
        if (frames != null) {
            frames.release();
            keepsLess(link, frames);
        }
    }
}
