package net.voltlane.server.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import net.voltlane.server.link.WireShape;

/** The form of frames as binary messages, for sockets that are written to past the pipeline. */
final class MessageShape implements WireShape {
    static final MessageShape INSTANCE = new MessageShape();

    private MessageShape() {}

    @Override
    public boolean isClear(Channel channel) {
        return WebSocketTransport.codec(channel).isClear();
    }

    @Override
    public int shapedBytes(int length) {
        return MessageEncoder.headBytes(length) + length;
    }

    @Override
    public void shape(ByteBuf frames, int index, ByteBuf to) {
        MessageEncoder.encodeOne(frames, index, to);
    }

    @Override
    public void begun(Channel channel, int bytes) {
        WebSocketTransport.codec(channel).begun(bytes);
    }
}
