package net.voltlane.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.link3.Ack;
import net.voltlane.protocol.link3.Data;
import net.voltlane.protocol.link3.LinkCodec;

/** Bytes to be sent, made before anything is measured. Payloads count up from 0. */
final class Packets {
    private Packets() {}

    /** Returns the frames that a client sends. In version 3 the last of them is an Ack, see {@link #acknowledge}. */
    static ByteBuf ofClient(int packets, int payloadBytes, int protocol) {
        ByteBuf frames = Unpooled.directBuffer(packets * (Frame.PREFIX_BYTES + payloadBytes));
        byte[] payload = payload(payloadBytes);
        for (int i = 0; i < packets; i++) {
            frames.writeBytes(protocol == 3 ? LinkCodec.frame(new Data(payload)) : Frame.of(payload));
        }
        if (protocol == 3) {
            frames.writeBytes(LinkCodec.frame(new Ack(0)));
        }
        return frames;
    }

    /** Sets the count of the Ack with which the frames of a client of version 3 end. */
    static void acknowledge(ByteBuf frames, long received) {
        frames.setLongLE(frames.writerIndex() - Long.BYTES, received);
    }

    /** Returns the size of a frame for a client. */
    static int frameBytes(int payloadBytes, int protocol) {
        return Frame.PREFIX_BYTES + (protocol == 3 ? 1 : 0) + payloadBytes;
    }

    /** Returns the frames that the master sends: {@code packets} to each session, session by session. */
    static ByteBuf ofMaster(long[] ids, int packets, int payloadBytes) {
        ByteBuf frames = Unpooled.directBuffer(ids.length * packets * (Tag.FRAME_HEADER_BYTES + payloadBytes));
        for (long id : ids) {
            byte[] frame = Tag.frame(id, Flag.DATA, payload(payloadBytes));
            for (int i = 0; i < packets; i++) {
                frames.writeBytes(frame);
            }
        }
        return frames;
    }

    static byte[] payload(int bytes) {
        byte[] payload = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            payload[i] = (byte) i;
        }
        return payload;
    }
}
