package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import org.jspecify.annotations.Nullable;

/** Writes a queue's offers to its channel, in one piece, or in the records that the transport's codec asks for. */
final class ChannelWrites {
    private ChannelWrites() {}

    /**
     * Writes and flushes an offer, which stays the caller's.
     *
     * @param firstFrame index of the first frame that the socket has not wholly taken
     * @return null if the socket has taken all of it; else done when it has
     */
    static @Nullable ChannelFuture write(SendQueue queue, Channel target, ByteBuf offer, int firstFrame) {
        if (queue.transport.allowsDirectWrites()) {
            target.write(offer.retain(), target.voidPromise());
            target.flush();
            if (target.bytesBeforeUnwritable() > target.config().getWriteBufferHighWaterMark()) {
                return null; // nothing is pending
            }
            // Completes when all before it has been taken; a promise per write would be garbage per packet.
            return target.writeAndFlush(Unpooled.EMPTY_BUFFER);
        }
        ChannelFuture last = writeRecords(queue, target, offer, firstFrame);
        target.flush();
        return offer.isReadable() ? last : null;
    }

    private static ChannelFuture writeRecords(SendQueue queue, Channel target, ByteBuf offer, int firstFrame) {
        int maxBytes = queue.transport.maxRecordBytes();
        int index = firstFrame;
        while (true) {
            int end = Frames.endOfRun(offer, index, maxBytes);
            ChannelFuture written = target.write(offer.retainedSlice(index, end - index));
            written.addListener(f -> {
                if (f.isSuccess()) {
                    queue.recordTaken(offer, end);
                }
            });
            if (end == offer.writerIndex()) {
                return written;
            }
            index = end;
        }
    }
}
