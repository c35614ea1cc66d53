package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import net.voltlane.protocol.Reason;
import net.voltlane.server.link.FrameCutter;
import net.voltlane.server.link.Layer;
import net.voltlane.server.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The input of a client's link: cuts it into frames for the link's {@link LinkProtocol}, counts it, and keeps input that
 * comes before the session is there. Belongs to the link's loop, but for {@link #heldBytes} and {@link
 * #bytes}.
 */
final class LinkInput extends FrameCutter {
    private final ClientLink link;
    /** Input that came behind the handshake and waits for the session; null when there is none. */
    private @Nullable PendingInput early;

    private static final VarHandle BYTES = handle();

    private long packets;
    /** Read by the session loop, too, which a recent value is enough for. */
    private long bytes;
    /** The bytes held here, for the session loop to read; written on the link's loop only. */
    private volatile long heldBytes;

    /** @param early input that came behind the handshake, now this object's; null if there was none */
    LinkInput(ClientLink link, @Nullable ByteBuf early) {
        super(
                link.protocol.maxFrameBytes(link.context.settings().get()),
                link.context.memory().allocator(),
                link.context.memory().budget());
        this.link = link;
        if (early != null) {
            LoopMemory memory = link.context.memory();
            this.early = new PendingInput(memory.allocator(), memory.budget(), early);
        }
        publishHeld();
    }

    /**
     * Takes all frames that {@code in} holds or completes. A frame over the limit ends the session.
     *
     * @return the packets among them
     */
    int read(ByteBuf in) {
        assert link.isOnItsLoop() : "belongs to the link's loop";
        PacketTagger tagger = link.context.queues().tagger;
        tagger.beginRead();
        boolean understood = cut(in);
        int read = tagger.endRead();
        packets += read;
        BYTES.setOpaque(this, bytes + tagger.bytes());
        link.protocol.wasRead(link, read, tagger.bytes());
        publishHeld();
        if (!understood) {
            notUnderstood();
        }
        return read;
    }

    private void notUnderstood() {
        Layer.Fault fault = link.layer().fault();
        if (fault == null || fault.metric() == Metric.REJECTED_FRAME_TOO_LARGE) {
            link.violated(Reason.FRAME_TOO_LARGE, "its client sent a frame over listener.max_frame_size");
        } else {
            link.violated(Reason.PROTOCOL_VIOLATION, fault.how());
        }
    }

    @Override
    protected void frame(ByteBuf buf, int index, int length) {
        link.protocol.frame(link, buf, index, length);
    }

    // ---- input before its time

    /** Copies input that comes before the session is there. */
    void keepEarly(ByteBuf in) {
        assert link.isOnItsLoop() : "belongs to the link's loop";
        if (early == null) {
            LoopMemory memory = link.context.memory();
            early = new PendingInput(memory.allocator(), memory.budget());
        }
        early.keep(in);
        publishHeld();
    }

    /** Returns the early input to be read now; the caller releases it. It stays charged until {@link #dropEarly}. */
    ByteBuf takeEarly() {
        return early == null ? Unpooled.EMPTY_BUFFER : early.take();
    }

    void dropEarly() {
        if (early != null) {
            early.release();
            early = null;
        }
        publishHeld();
    }

    /**
     * True if more has come, while the link was not to be read from, than there is room for: a peer's FIN makes the
     * transport read all that has come, paused or not.
     */
    boolean isTooMuch() {
        return early != null && early.isTooMuch() || link.context.memory().isHalfUsed();
    }

    // ----

    /** Drops everything that was not understood by now. */
    void drop() {
        assert link.isOnItsLoop() : "belongs to the link's loop";
        release();
        dropEarly();
    }

    /** Packets that came on this link. */
    long packets() {
        return packets;
    }

    /** The bytes of their payloads. On another thread, a recent value. */
    long bytes() {
        return (long) BYTES.getOpaque(this);
    }

    private static VarHandle handle() {
        try {
            return MethodHandles.lookup().findVarHandle(LinkInput.class, "bytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Bytes held of input. Any thread. */
    long heldBytes() {
        return heldBytes;
    }

    private void publishHeld() {
        long now = chargedBytes() + (early == null ? 0 : early.chargedBytes());
        if (now != heldBytes) {
            heldBytes = now;
        }
    }
}
