package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.protocol.link3.FrameType;
import net.voltlane.server.link.MemoryAccount;

/**
 * Version 3 of the client link: a packet is a frame of type Data, and a session keeps every packet until its client has
 * acknowledged it. Thread-safe.
 *
 * <pre>
 *  byte   0               4      5
 *       +---------------+------+---- ... ----+
 *       |  length, u32  |  00  |   payload   |
 *       +---------------+------+---- ... ----+
 * </pre>
 *
 * The length covers the type and the payload.
 */
public final class Version3 extends ClientProtocol {
    /** Length of a frame's type. */
    public static final int TYPE_BYTES = 1;

    public static final ClientProtocol PROTOCOL = new Version3();

    private Version3() {
        super(Limits.PROTOCOL_VERSION_3, Frame.PREFIX_BYTES + TYPE_BYTES);
    }

    @Override
    public void setPrefix(ByteBuf buf, int index, int payloadBytes) {
        buf.setIntLE(index, TYPE_BYTES + payloadBytes);
        buf.setByte(index + Frame.PREFIX_BYTES, FrameType.DATA);
    }

    @Override
    public void write(ByteBuf out, ByteBuf packet, int index, int length) {
        out.writeIntLE(TYPE_BYTES + length).writeByte(FrameType.DATA).writeBytes(packet, index, length);
    }

    @Override
    QueueBounds bounds(SessionSettings settings) {
        return settings.unacknowledged();
    }

    @Override
    Undelivered newUndelivered(ByteBufAllocator allocator, MemoryAccount account, long next) {
        return new Unacknowledged(allocator, account, next);
    }
}
