package net.voltlane.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.function.Consumer;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.firehose3.Ack;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.Welcome;

/**
 * The backend behind the server's link: takes what the server sends, acknowledges it where the firehose is of version 3,
 * and sends it back if wanted. Allocates nothing once it has begun. Belongs to the benchmark's thread.
 */
final class Backend {
    private static final byte[] INSTANCE = Packets.payload(FirehoseMessage.INSTANCE_BYTES + 1);

    private final MemoryChannel channel;
    private final boolean isVersion3;
    /** Gives bytes to the server, which reads all of them. */
    private final Consumer<ByteBuf> toServer;
    /** The packets of sessions that the server has sent on this firehose. */
    private long numbered;

    private final ByteBuf ack = Unpooled.directBuffer().writeBytes(MessageCodec.frame(0, new Ack(0)));
    private final ByteBuf answer = Unpooled.directBuffer();

    /** @param channel of the server's link, which has just been dialled */
    Backend(MemoryChannel channel, int firehose, Consumer<ByteBuf> toServer) {
        this.channel = channel;
        this.toServer = toServer;
        isVersion3 = firehose == 3;
        if (isVersion3) {
            byte[] name = Arrays.copyOfRange(INSTANCE, 1, INSTANCE.length); // not zeros
            ByteBuf welcome = Unpooled.directBuffer()
                    .writeBytes(MessageCodec.frame(0, new Welcome(3, name, 0, 0, Attributes.EMPTY)));
            channel.taken().clear();
            toServer.accept(welcome);
            welcome.release();
        }
    }

    /** Takes what the server has sent. */
    void take() {
        answer.clear();
        cut(false);
        answer();
    }

    /** Takes what the server has sent, and sends all data back. */
    void echo() {
        answer.clear();
        cut(true);
        answer();
    }

    private void cut(boolean sendsBack) {
        ByteBuf taken = channel.taken();
        long before = numbered;
        if (isVersion3) {
            int end = taken.writerIndex();
            for (int frame = taken.readerIndex(); frame < end; ) {
                int length = Frame.PREFIX_BYTES + taken.getIntLE(frame);
                if (taken.getLongLE(frame + Frame.PREFIX_BYTES) != 0) {
                    numbered++;
                    if (sendsBack && taken.getByte(frame + Tag.FRAME_HEADER_BYTES - 1) == 0) {
                        answer.writeBytes(taken, frame, length);
                    }
                }
                frame += length;
            }
        } else if (sendsBack) {
            answer.writeBytes(taken, taken.readerIndex(), taken.readableBytes());
        }
        taken.clear();
        if (numbered != before) {
            ack.setLongLE(ack.writerIndex() - Long.BYTES, numbered);
            answer.writeBytes(ack, 0, ack.writerIndex());
        }
    }

    private void answer() {
        if (answer.isReadable()) {
            toServer.accept(answer);
        }
    }

    void release() {
        ack.release();
        answer.release();
    }
}
