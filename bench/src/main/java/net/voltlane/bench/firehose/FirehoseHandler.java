package net.voltlane.bench.firehose;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A firehose that echoes. A Data frame goes back unchanged, so a row of them is sent back as one slice of what was
 * read, uncopied. The first packet tells the version: 3 if it is a Hello, otherwise 2. In version 2 reading stops while
 * the server does not take the data; in version 3 reading never waits for writing. Belongs to the backend's loop.
 */
final class FirehoseHandler extends ChannelInboundHandlerAdapter {

    /** As much of a message as says whose it is. */
    private static final int HEAD_BYTES = 8;

    private final BenchBackend backend;
    private final byte[] head = new byte[HEAD_BYTES];
    private boolean isFirst = true;
    private @Nullable Version3 version3;
    private boolean echoes;

    /** The beginning of a frame whose end has not come. */
    private @Nullable ByteBuf unfinished;

    FirehoseHandler(BenchBackend backend) {
        this.backend = backend;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        backend.opened(ctx.channel(), this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (unfinished != null && !finish(ctx, in)) {
                return;
            }
            answer(ctx, in);
            if (in.isReadable()) {
                unfinished = ctx.alloc().buffer(in.readableBytes()).writeBytes(in);
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (version3 != null) {
            version3.readComplete(echoes);
            echoes = false;
        } else {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }
        ctx.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            ctx.channel().config().setAutoRead(true);
            backend.writable(ctx.channel());
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (unfinished != null) {
            unfinished.release();
            unfinished = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (version3 != null) {
            version3.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close(); // clients notice; they are what is checked
    }

    /** Hears of packets that somebody else has written to the channel. */
    void wrote(int packets) {
        if (version3 != null) {
            version3.sent(packets);
        }
    }

    /**
     * Gives the unfinished frame what it lacks, and nothing more, so that its buffer never outgrows it; false if it
     * still lacks some.
     */
    private boolean finish(ChannelHandlerContext ctx, ByteBuf in) {
        ByteBuf frame = Objects.requireNonNull(unfinished);
        int missing;
        while ((missing = missing(frame)) > 0 && in.isReadable()) {
            frame.ensureWritable(missing);
            frame.writeBytes(in, Math.min(missing, in.readableBytes()));
        }
        if (missing > 0) {
            return false;
        }
        unfinished = null;
        answer(ctx, frame);
        frame.release();
        return true;
    }

    /** Number of bytes that come next: the rest of the prefix, and after it the rest of the frame. */
    private static int missing(ByteBuf frame) {
        int here = frame.readableBytes();
        return here < Frame.PREFIX_BYTES
                ? Frame.PREFIX_BYTES - here
                : Frame.PREFIX_BYTES + frame.getIntLE(frame.readerIndex()) - here;
    }

    private void answer(ChannelHandlerContext ctx, ByteBuf in) {
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (end - at >= Frame.PREFIX_BYTES) {
            int length = in.getIntLE(at);
            if (length < 0) {
                throw new CorruptedFrameException("a frame of " + Integer.toUnsignedString(length) + " bytes came");
            }
            if (end - at - Frame.PREFIX_BYTES < length) {
                break;
            }
            int next = at + Frame.PREFIX_BYTES + length;
            boolean data = length >= Tag.BYTES && in.getByte(at + Tag.FLAG_OFFSET_IN_FRAME) == Flag.DATA.code();
            if (data) {
                look(in, at, length - Tag.BYTES);
                if (version3 != null) {
                    version3.echoed(length);
                    echoes = true;
                }
            } else {
                // What stands before it goes back, it does not.
                echo(ctx, in, at);
                control(ctx, in, at, length);
                in.readerIndex(next);
            }
            isFirst = false;
            at = next;
        }
        echo(ctx, in, at);
    }

    private static void echo(ChannelHandlerContext ctx, ByteBuf in, int until) {
        if (until > in.readerIndex()) {
            ctx.write(in.readRetainedSlice(until - in.readerIndex()), ctx.voidPromise());
        }
    }

    private void look(ByteBuf in, int at, int dataBytes) {
        in.getBytes(at + Tag.FRAME_HEADER_BYTES, head, 0, Math.min(HEAD_BYTES, dataBytes));
        backend.data(in.getLongLE(at + Tag.ID_OFFSET_IN_FRAME), head, dataBytes);
    }

    private void control(ChannelHandlerContext ctx, ByteBuf in, int at, int length) {
        if (version3 != null) {
            version3.control(in, at, length);
        } else if (isFirst && (version3 = Version3.answer(backend, ctx, in, at, length)) != null) {
            backend.speaks3();
            ctx.channel().config().setAutoRead(true);
        } else if (length >= Tag.BYTES && in.getByte(at + Tag.FLAG_OFFSET_IN_FRAME) == Flag.FAILURE.code()) {
            backend.failed(
                    in.getLongLE(at + Tag.ID_OFFSET_IN_FRAME),
                    in.toString(at + Tag.FRAME_HEADER_BYTES, length - Tag.BYTES, StandardCharsets.UTF_8));
        }
    }
}
