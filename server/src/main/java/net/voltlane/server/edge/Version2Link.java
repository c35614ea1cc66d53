package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.List;
import net.voltlane.protocol.ClientId;
import net.voltlane.protocol.HandshakeCodec;
import net.voltlane.protocol.HandshakePacket;
import net.voltlane.protocol.Ping;
import net.voltlane.server.session.ClientProtocol;
import net.voltlane.server.session.Resumption;
import net.voltlane.server.session.Version2;

/**
 * Version 2 on links: every frame from the client is a packet, and whatever the socket has not wholly taken is
 * undelivered. Keeps nothing, so one object serves all links of all loops, but for {@link CountedVersion2Link}.
 */
class Version2Link extends LinkProtocol {
    static final LinkProtocol INSTANCE = new Version2Link();

    /** Version 2 on one more link. */
    static LinkProtocol of(LoopQueues queues) {
        return queues.masterAcknowledges() ? new CountedVersion2Link() : INSTANCE;
    }

    @Override
    ClientProtocol version() {
        return Version2.PROTOCOL;
    }

    @Override
    int maxFrameBytes(EdgeSettings settings) {
        return settings.maxFrameBytes();
    }

    @Override
    void frame(ClientLink link, ByteBuf buf, int index, int length) {
        link.forward(buf, index, length);
    }

    @Override
    void writeOpened(Channel channel, long id) {
        write(channel, new ClientId(id));
    }

    @Override
    void writeResumed(Channel channel, Resumption point) {
        write(channel, new Ping());
    }

    private static void write(Channel channel, HandshakePacket packet) {
        channel.write(Unpooled.wrappedBuffer(HandshakeCodec.frame(packet)), channel.voidPromise());
    }

    @Override
    List<ByteBuf> takeUndelivered(ClientLink link) {
        return link.output.takeBack(); // the socket takes nothing any more
    }
}
