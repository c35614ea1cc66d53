package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.FastThreadLocal;
import net.voltlane.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Writes of frames to a socket in the form that a {@link WireShape} or a {@link RecordShape} gives them, past the
 * pipeline and by one system call, or one for each record.
 * What {@link DirectSocketWriter} saves is saved here too; the frames are copied into a buffer of the loop's. On the
 * channel's loop.
 */
final class ShapedWrites {
    private static final int SCRATCH_BYTES = 64 * 1024;

    /** The buffer that frames take their form in; one for each loop. */
    private static final FastThreadLocal<ByteBuf> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return Unpooled.directBuffer(SCRATCH_BYTES, SCRATCH_BYTES);
        }

        @Override
        protected void onRemoval(ByteBuf scratch) {
            scratch.release();
        }
    };

    private ShapedWrites() {}

    /**
     * Writes an offer past the pipeline, and reads over what the socket has taken.
     *
     * @param direct the socket, where frames go to it as they are
     */
    static void offer(Transport transport, @Nullable Channel channel, @Nullable Socket direct, ByteBuf offer) {
        if (direct != null) {
            offer.skipBytes(DirectSocketWriter.write(direct, offer));
        } else {
            offer.readerIndex(write(transport, channel, offer, offer.readerIndex(), offer.readableBytes()));
        }
    }

    /**
     * Writes whole frames, {@code length} bytes from {@code index} on, which stay the caller's.
     *
     * @return the index of the first frame that the socket has not wholly taken. If it has taken a part, the shape knows,
     *     and the rest follows with the frame's next way through the pipeline
     */
    static int write(Transport transport, @Nullable Channel channel, ByteBuf frames, int index, int length) {
        if (!(channel instanceof EpollSocketChannel epoll)) {
            return index;
        }
        RecordShape records = transport.records(channel);
        if (records != null) {
            return records.isClear()
                    ? writeRecords(records, transport.maxRecordBytes(), epoll, frames, index, index + length)
                    : index;
        }
        WireShape shape = transport.shape();
        if (shape == null || !shape.isClear(channel)) {
            return index;
        }
        ByteBuf scratch = SCRATCH.get().clear();
        int end = shapeAll(shape, frames, index, index + length, scratch);
        if (end == index || !scratch.hasMemoryAddress()) {
            return index;
        }
        int taken = DirectSocketWriter.write((Socket) epoll.fd(), scratch, 0, scratch.writerIndex());
        return taken == scratch.writerIndex() ? end : firstNotTaken(shape, channel, frames, index, taken);
    }

    /** Writes record by record: once one is made, it must go out before the next. Returns as {@link #write}. */
    private static int writeRecords(
            RecordShape records, int maxBytes, EpollSocketChannel channel, ByteBuf frames, int index, int end) {
        if (frames.nioBufferCount() != 1) {
            return index;
        }
        ByteBuf scratch = SCRATCH.get();
        int at = index;
        while (at < end) {
            int next = Frames.endOfRun(frames, at, end, maxBytes);
            if (next - at > maxBytes || !records.shape(frames, at, next - at, scratch.clear())) {
                return at;
            }
            int bytes = scratch.writerIndex();
            int taken = DirectSocketWriter.write((Socket) channel.fd(), scratch, 0, bytes);
            if (taken < bytes) {
                ByteBuf rest = channel.alloc().directBuffer(bytes - taken).writeBytes(scratch, taken, bytes - taken);
                records.begun(rest, next - at);
                return at;
            }
            at = next;
        }
        return end;
    }

    /** Shapes as many frames as fit. Returns the index behind the last of them. */
    private static int shapeAll(WireShape shape, ByteBuf frames, int index, int end, ByteBuf scratch) {
        int at = index;
        while (at < end) {
            int payload = frames.getIntLE(at);
            if (payload > SCRATCH_BYTES || shape.shapedBytes(payload) > scratch.writableBytes()) {
                return at;
            }
            shape.shape(frames, at, scratch);
            at += Frame.PREFIX_BYTES + payload;
        }
        return at;
    }

    private static int firstNotTaken(WireShape shape, Channel channel, ByteBuf frames, int index, int taken) {
        int at = index;
        int left = taken;
        while (true) {
            int payload = frames.getIntLE(at);
            int shaped = shape.shapedBytes(payload);
            if (shaped > left) {
                shape.begun(channel, left);
                return at;
            }
            left -= shaped;
            at += Frame.PREFIX_BYTES + payload;
        }
    }
}
