package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import net.voltlane.protocol.Frame;

/**
 * A packet from the master in a world: its number among those for its session, and filler, so that sizes differ.
 * The payload says both session and number, so that a packet can't pass for another.
 *
 * @param session the id of the session that it is for
 * @param number 0 for the first packet for that session
 * @param filler number of bytes behind both
 */
record WorldPacket(long session, int number, int filler) {
    int payloadBytes() {
        return 8 + 4 + filler;
    }

    int frameBytes() {
        return Frame.PREFIX_BYTES + payloadBytes();
    }

    void writePayload(ByteBuf to) {
        to.writeLongLE(session).writeIntLE(number).writeZero(filler);
    }

    void writeFrame(ByteBuf to) {
        writePayload(to.writeIntLE(payloadBytes()));
    }

    static WorldPacket read(ByteBuf from, int index, int length) {
        return new WorldPacket(from.getLongLE(index), from.getIntLE(index + 8), length - 8 - 4);
    }

    static WorldPacket readFrame(ByteBuf from) {
        int length = from.readIntLE();
        WorldPacket packet = read(from, from.readerIndex(), length);
        from.skipBytes(length);
        return packet;
    }

    @Override
    public String toString() {
        return "#" + number;
    }
}
