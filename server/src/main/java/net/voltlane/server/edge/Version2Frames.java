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
 * The frames of version 2 on links: every frame from the client is a packet, and whatever the socket has not wholly taken
 * is undelivered. Keeps nothing itself.
 */
abstract class Version2Frames extends LinkProtocol {
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
