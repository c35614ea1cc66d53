package net.voltlane.server.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import net.voltlane.server.link.RecordShape;

/** The records of TLS, for sockets that are written to past the pipeline. */
final class TlsRecords implements RecordShape {
    static final TlsRecords INSTANCE = new TlsRecords();

    private TlsRecords() {}

    @Override
    public boolean isClear(Channel channel) {
        return TlsTransport.codec(channel).isClear(channel);
    }

    @Override
    public boolean shape(Channel channel, ByteBuf frames, int index, int length, ByteBuf to) {
        return TlsTransport.codec(channel).shape(frames, index, length, to);
    }

    @Override
    public void begun(Channel channel, ByteBuf rest, int plainBytes) {
        TlsTransport.codec(channel).begun(rest, plainBytes);
    }
}
