package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import java.util.List;
import net.voltlane.protocol.Frame;
import net.voltlane.server.session.Resumption;

/**
 * Version 2 on one link, for a master that may want to know how many packets a client has. Version 2 acknowledges nothing:
 * what the client's sockets have taken counts. The master is told when a socket has taken all that there was for it. There
 * is an object for each link, with firehose 3 only. Belongs to the link's loop.
 */
final class CountedVersion2Link extends Version2Frames {
    /** Packets for the client that have come as far as this link, on all links of the session. */
    private long arrived;
    /** Packets of these that sockets have taken, as far as the session was told. */
    private long taken;

    @Override
    List<ByteBuf> takeOver(ClientLink link, Resumption point) {
        arrived = point.received();
        return super.takeOver(link, point);
    }

    @Override
    void joined(ClientLink link) {
        if (link.output.remainingBytes() == 0) {
            allTaken(link);
        }
    }

    @Override
    void arrived(ClientLink link, ByteBuf buf, int index, int length) {
        arrived += packets(buf, index, index + length);
    }

    @Override
    void allTaken(ClientLink link) {
        if (taken < arrived) {
            taken = arrived;
            link.context.sessions().acknowledged(link, taken);
        }
    }

    @Override
    long acknowledged() {
        return taken;
    }

    @Override
    List<ByteBuf> takeUndelivered(ClientLink link) {
        List<ByteBuf> back = super.takeUndelivered(link);
        taken = arrived;
        for (ByteBuf frames : back) {
            taken -= packets(frames, frames.readerIndex(), frames.writerIndex());
        }
        return back;
    }

    private static int packets(ByteBuf frames, int index, int end) {
        int packets = 0;
        for (int at = index; at < end; at += Frame.PREFIX_BYTES + frames.getIntLE(at)) {
            packets++;
        }
        return packets;
    }
}
