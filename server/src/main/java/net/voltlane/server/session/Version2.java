package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.QueueBounds;
import net.voltlane.server.link.MemoryAccount;

/**
 * Version 2 of the client link: the prefix is the payload's length alone, and a session keeps only what its client missed
 * while it had no link. Thread-safe.
 */
public final class Version2 extends ClientProtocol {
    public static final ClientProtocol PROTOCOL = new Version2();

    private Version2() {
        super(Limits.PROTOCOL_VERSION, Frame.PREFIX_BYTES);
    }

    @Override
    public void setPrefix(ByteBuf buf, int index, int payloadBytes) {
        buf.setIntLE(index, payloadBytes);
    }

    @Override
    public void write(ByteBuf out, ByteBuf packet, int index, int length) {
        out.writeIntLE(length).writeBytes(packet, index, length);
    }

    @Override
    QueueBounds bounds(SessionSettings settings) {
        return settings.missed();
    }

    @Override
    Undelivered newUndelivered(ByteBufAllocator allocator, MemoryAccount account, long next) {
        return new MissedPackets(allocator, account);
    }
}
