package net.voltlane.server.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import net.voltlane.protocol.Frame;
import net.voltlane.server.link.Layer;
import org.jspecify.annotations.Nullable;

/**
 * A decoder of a client's WebSocket frames. It turns each binary message into a frame {@code [u32 LE length][payload]},
 * in the buffer that was read: a client's head has at least six bytes, so a frame is always shorter than what it was made
 * of. The payload of a long message goes on as it comes, for the link to put together.
 *
 * <pre>
 *   read     head  payload     head      payload             head  pay…
 *            6     n           8         m                   6
 *   becomes  n    payload  m    payload  k    pay…
 *            4             4             4
 * </pre>
 *
 * <p>Only a message in fragments is put together here, because its length is known at its end. The first byte that breaks
 * RFC 6455 ends the decoding: the frame of a {@linkplain Layer#FAULT_LENGTH fault} follows what came before it. Belongs
 * to the connection's loop.
 */
final class MessageDecoder {
    /** Takes control frames, before the messages that the same read has brought. */
    interface Controls {
        /** A Ping, whose payload is valid during the call. */
        void ping(ByteBuf buf, int index, int length);

        /** A Close frame. Nothing is decoded behind it. */
        void close(int status);
    }

    private final ByteBufAllocator allocator;
    private final Controls controls;
    private final FrameHead head = new FrameHead();
    private final Fragments fragments;

    /** The bytes of a head, or of a control frame, that ended with the last read. Null if there are none. */
    private byte @Nullable [] cut;

    /** The bytes of the data frame under way that are still to come, and the key for them. */
    private long left;

    private int key;
    private @Nullable MessageFault fault;

    private boolean isOver;
    /** The bytes of the last read that no frame shows, less those of its frames that earlier reads have brought. */
    private int unseenBytes;

    // The output of the read under way.
    private ByteBuf target;
    private int start;
    private int out;

    MessageDecoder(ByteBufAllocator allocator, Fragments fragments, Controls controls) {
        this.allocator = allocator;
        this.fragments = fragments;
        this.controls = controls;
        target = Unpooled.EMPTY_BUFFER;
    }

    /** Decodes nothing from now on. */
    void end() {
        isOver = true;
        fragments.drop();
    }

    /** The fault at which the decoding ended; null if there was none. */
    @Nullable
    MessageFault fault() {
        return fault;
    }

    /**
     * The bytes of the last read that its frames do not show: control frames, and fragments of a message that has not
     * ended. Below 0: so many bytes of its frames came in earlier reads, and were among the unseen ones then.
     */
    int unseenBytes() {
        return unseenBytes;
    }

    /**
     * Decodes what was read.
     *
     * @param read now this object's
     * @return the frames, which may end in the middle of one, or be empty; now the caller's
     */
    ByteBuf decode(ByteBuf read) {
        ByteBuf in = joined(read);
        target = in;
        start = in.readerIndex();
        out = start;
        unseenBytes = 0;
        int index = start;
        int end = in.writerIndex();
        while (index < end && !isOver) {
            int next = left > 0 ? payload(in, index, end) : frame(in, index, end);
            if (next == FrameHead.INCOMPLETE) {
                keepCut(in, index, end);
                break;
            }
            index = next;
        }
        ByteBuf frames = target.setIndex(start, out);
        target = Unpooled.EMPTY_BUFFER;
        if (frames != in) {
            in.release();
        }
        return frames;
    }

    /** Begins a frame. Returns the index behind what was taken. */
    private int frame(ByteBuf in, int index, int end) {
        int payload = head.read(in, index, end);
        if (payload == FrameHead.INCOMPLETE) {
            MessageFault broken = head.fault();
            return broken == null ? FrameHead.INCOMPLETE : failed(in, broken, end);
        }
        if (head.isControl()) {
            return control(in, index, payload, end);
        } else if ((head.type() == FrameHead.CONTINUATION) != fragments.areUnderWay()) {
            return failed(in, MessageFault.CONTINUATION, end);
        }
        if (head.isFinal() && head.type() == FrameHead.BINARY) {
            return whole(in, payload, end);
        }
        unseenBytes += payload - index;
        if (!fragments.begin(head.length())) {
            return failed(in, MessageFault.TOO_LARGE, end);
        }
        left = head.length();
        key = head.key();
        if (left == 0) {
            endOfFragment(in, payload, end);
        }
        return payload;
    }

    /** Begins a message that is one frame. */
    private int whole(ByteBuf in, int payload, int end) {
        if (head.length() > Integer.MAX_VALUE) {
            return failed(in, MessageFault.TOO_LARGE, end);
        }
        left = head.length();
        key = head.key();
        target.setIntLE(out, (int) left);
        out += Frame.PREFIX_BYTES;
        fragments.countWhole();
        return payload;
    }

    private int payload(ByteBuf in, int index, int end) {
        int length = (int) Math.min(left, end - index);
        if (fragments.areUnderWay()) {
            fragments.add(in, index, length, key);
            unseenBytes += length;
        } else {
            Mask.copy(in, index, target, out, length, key);
            out += length;
        }
        key = Mask.behind(key, length);
        left -= length;
        int next = index + length;
        if (left == 0 && fragments.areUnderWay()) {
            endOfFragment(in, next, end);
        }
        return next;
    }

    /** A fragment has ended: if it was the last, its message follows what was decoded before. */
    private void endOfFragment(ByteBuf in, int next, int end) {
        if (!head.isFinal()) {
            return;
        }
        ByteBuf message = fragments.take();
        unseenBytes -= message.readableBytes() - Frame.PREFIX_BYTES;
        int decoded = out - start;
        if (decoded == 0 && next == end) {
            replaceTarget(in, message);
            out = message.writerIndex();
            return;
        }
        if (target != in) { // made for a message before this one, with room for all that the read holds
            target.setBytes(out, message, message.readerIndex(), message.readableBytes());
            out += message.readableBytes();
            message.release();
            return;
        }
        // What is left is shorter once it is decoded.
        ByteBuf wider = allocator.directBuffer(decoded + message.readableBytes() + end - next);
        wider.writeBytes(target, start, decoded).writeBytes(message);
        message.release();
        replaceTarget(in, wider);
        out = wider.writerIndex();
    }

    private void replaceTarget(ByteBuf in, ByteBuf next) {
        if (target != in) {
            target.release();
        }
        target = next;
        start = next.readerIndex();
    }

    private int control(ByteBuf in, int index, int payload, int end) {
        int length = (int) head.length();
        int next = payload + length;
        if (next > end) {
            return FrameHead.INCOMPLETE;
        }
        unseenBytes += next - index;
        Mask.copy(in, payload, in, payload, length, head.key());
        if (head.type() == FrameHead.PING) {
            controls.ping(in, payload, length);
        } else if (head.type() == FrameHead.CLOSE) {
            MessageFault wrong = CloseFrame.fault(in, payload, length);
            if (wrong != null) {
                return failed(in, wrong, end);
            }
            end();
            controls.close(CloseFrame.status(in, payload, length));
        }
        return next;
    }

    /** Puts the frame of a fault behind what was decoded. Returns {@code end}. */
    private int failed(ByteBuf in, MessageFault why, int end) {
        fault = why;
        end();
        if (target.maxCapacity() - out < Frame.PREFIX_BYTES) {
            ByteBuf wider = allocator.directBuffer(out - start + Frame.PREFIX_BYTES);
            wider.writeBytes(target, start, out - start);
            replaceTarget(in, wider);
            out = wider.writerIndex();
        }
        target.setIndex(start, out).writeIntLE(Layer.FAULT_LENGTH);
        out += Frame.PREFIX_BYTES;
        return end;
    }

    /** The bytes that were read, behind the cut bytes of the read before. */
    private ByteBuf joined(ByteBuf read) {
        byte[] before = cut;
        if (before == null) {
            return read;
        }
        cut = null;
        ByteBuf both = allocator.directBuffer(before.length + read.readableBytes());
        both.writeBytes(before).writeBytes(read);
        read.release();
        return both;
    }

    private void keepCut(ByteBuf in, int index, int end) {
        byte[] kept = new byte[end - index];
        in.getBytes(index, kept);
        cut = kept;
    }
}
