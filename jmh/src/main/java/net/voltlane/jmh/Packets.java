package net.voltlane.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Tag;

/** Bytes to be sent, made before anything is measured. Payloads count up from 0. */
final class Packets {
    private Packets() {}

    /** Returns the frames that a client sends. */
    static ByteBuf ofClient(int packets, int payloadBytes) {
        ByteBuf frames = Unpooled.directBuffer(packets * (Frame.PREFIX_BYTES + payloadBytes));
        for (int i = 0; i < packets; i++) {
            frames.writeBytes(Frame.of(payload(payloadBytes)));
        }
        return frames;
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
