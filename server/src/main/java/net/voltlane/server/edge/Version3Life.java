package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import net.voltlane.protocol.CloseCode;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.link3.Close;
import net.voltlane.protocol.link3.FrameType;
import net.voltlane.protocol.link3.GoAway;
import net.voltlane.protocol.link3.LinkCodec;
import net.voltlane.protocol.link3.Parameters;
import net.voltlane.protocol.link3.Pong;
import net.voltlane.server.session.Version3;
import org.jspecify.annotations.Nullable;

/**
 * The life of a link of version 3: the frames that carry no data and no count, and the word that the client gets at its
 * end. {@link Heartbeat} finds out that a link is silent. Belongs to the link's loop.
 */
abstract class Version3Life extends Heartbeat {
    private static final byte[] NO_BYTES = {};
    /** The type of an empty frame. */
    private static final int NO_TYPE = -1;

    /** The largest payload that the client may send, as it was told. */
    private final int maxPayload;
    /** The client has left, or broke a rule: nothing that it sends counts any more. */
    private boolean isOver;
    /** The reason for which the link is given up while its session stays; null: another link takes over. */
    private @Nullable CloseCode givenUpFor;
    /** The newest Pong that waits for the socket; null if none does. */
    private byte @Nullable [] waitingPong;

    /** @param told the terms that the client is told */
    Version3Life(Parameters told) {
        super(told.heartbeatSecs());
        maxPayload = (int) told.maxPayload();
    }

    @Override
    final int maxFrameBytes(EdgeSettings settings) {
        return Math.max(maxPayload + Version3.TYPE_BYTES, Limits.MAX_CONTROL_FRAME_BYTES);
    }

    // ---- frames

    /** Forwards a frame of type Data. {@code buf} stays the caller's. */
    final void data(ClientLink link, ByteBuf buf, int index, int length) {
        int payload = length - Version3.TYPE_BYTES;
        if (payload > maxPayload) {
            violated(link, Reason.FRAME_TOO_LARGE, "its client sent a frame over listener.max_frame_size");
        } else {
            link.forward(buf, index + Version3.TYPE_BYTES, payload);
        }
    }

    /** Takes a frame that is neither Data nor an Ack that can be read. {@code buf} stays the caller's. */
    final void control(ClientLink link, ByteBuf buf, int index, int length) {
        if (length > Limits.MAX_CONTROL_FRAME_BYTES) {
            violated(link, Reason.FRAME_TOO_LARGE, "its client sent a frame without data over 8 KiB");
            return;
        }
        int type = length == 0 ? NO_TYPE : buf.getByte(index) & 0xFF;
        if (type == FrameType.PING && length <= Pongs.LONGEST_PING_BYTES) {
            link.context.pongs().answer(link, buf, index, length);
        } else if (type == FrameType.LEAVE) {
            isOver = true;
            link.left();
        } else if (type == FrameType.PING || type == FrameType.ACK || type == NO_TYPE) {
            violated(link, "its client sent a malformed frame");
        } else if (!FrameType.isSkippable(type)) { // else of a later version
            violated(link, "its client sent a frame that had no place there");
        }
    }

    final void violated(ClientLink link, String how) {
        violated(link, Reason.PROTOCOL_VIOLATION, how);
    }

    private void violated(ClientLink link, Reason reason, String how) {
        isOver = true;
        link.violated(reason, how);
    }

    @Override
    final boolean mayComeEarly(ByteBuf early) {
        for (int index = early.readerIndex(); early.writerIndex() - index > Frame.PREFIX_BYTES; ) {
            if (early.getByte(index + Frame.PREFIX_BYTES) == FrameType.DATA) {
                return false;
            }
            int length = early.getIntLE(index);
            if (length < 0 || length > early.writerIndex() - index) {
                return true; // the last, unfinished or too long
            }
            index += Frame.PREFIX_BYTES + length;
        }
        return true;
    }

    /** Sends the answers to the Pings of a read. While the socket is full the newest answer waits. */
    final void sendPongs(ClientLink link) {
        byte[] waits = link.context.pongs().send(link);
        if (waits != null) {
            waitingPong = waits;
        }
    }

    @Override
    void socketHasRoom(LinkOutput output) {
        byte[] frame = waitingPong;
        if (frame != null && output.control(frame)) {
            waitingPong = null;
        }
    }

    @Override
    final void signOfLife(ClientLink link) {
        byte[] frame = LinkCodec.frame(new Pong(NO_BYTES));
        if (!link.output.control(frame)) {
            waitingPong = frame;
        }
    }

    @Override
    final void goAway(ClientLink link, GoAway goAway) {
        byte[] frame = LinkCodec.frame(goAway);
        if (!link.output.control(frame)) {
            link.output.controlSoon(frame);
        }
    }

    // ---- begin and end

    /** Takes note of a frame; false if it counts no more, since the client has left or broke a rule. */
    final boolean hears() {
        heard();
        return !isOver;
    }

    @Override
    final boolean isEnding(CloseCode why) {
        givenUpFor = why;
        return true;
    }

    @Override
    final boolean writeClose(Channel channel, CloseCode code, long retryAfterMillis) {
        write(channel, close(code, retryAfterMillis, NO_BYTES));
        return true;
    }

    @Override
    byte[] lastWord(@Nullable Reason reason, byte[] text) {
        CloseCode why = givenUpFor;
        if (why == null) {
            why = reason == null ? CloseCode.TAKEN_OVER : reason.closeCode();
        }
        return close(why, 0, text);
    }

    private static byte[] close(CloseCode code, long retryAfterMillis, byte[] text) {
        return LinkCodec.frame(new Close(code.code(), retryAfterMillis, new String(text, StandardCharsets.UTF_8)));
    }

    /** Without a flush. */
    static void write(Channel channel, byte[] frame) {
        channel.write(Unpooled.wrappedBuffer(frame), channel.voidPromise());
    }
}
