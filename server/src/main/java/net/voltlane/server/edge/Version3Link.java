package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.List;
import net.voltlane.protocol.link3.FrameType;
import net.voltlane.protocol.link3.Parameters;
import net.voltlane.server.link.LoopQueue;
import net.voltlane.server.session.ClientProtocol;
import net.voltlane.server.session.Resumption;
import net.voltlane.server.session.Version3;
import org.jspecify.annotations.Nullable;

/**
 * Version 3 on one link: the first byte of a frame is its type, both ends count and acknowledge data, and whatever the
 * client has not acknowledged is undelivered. There is one object for each link. Belongs to the link's loop.
 */
final class Version3Link extends Version3Life implements LoopQueue.Signal {
    /** The frames that end a handshake of version 3. */
    interface Greeting {
        /** The whole frame Opened, for a session with this id. */
        byte[] opened(long id);

        /** The whole frame Resumed, for a session that moves to the link. */
        byte[] resumed(Resumption point);
    }

    private final long received;
    private final long kept;
    /** Null once it was sent. */
    private @Nullable Greeting greeting;

    /**
     * Begins a link for a new session.
     *
     * @param told the terms that the greeting tells
     */
    Version3Link(Greeting greeting, Parameters told) {
        this(greeting, told, 0, 1);
    }

    /**
     * Begins a link for a session that is resumed.
     *
     * @param told the terms that the greeting tells
     * @param received data packets that the client has taken over in all
     * @param kept the number of the first data packet that the client still keeps
     */
    Version3Link(Greeting greeting, Parameters told, long received, long kept) {
        super(told);
        this.greeting = greeting;
        this.received = received;
        this.kept = kept;
    }

    @Override
    ClientProtocol version() {
        return Version3.PROTOCOL;
    }

    @Override
    void frame(ClientLink link, ByteBuf buf, int index, int length) {
        if (!hears()) {
            return;
        }
        if (length >= Version3.TYPE_BYTES && buf.getByte(index) == FrameType.DATA) {
            data(link, buf, index, length);
        } else {
            control(link, buf, index, length);
        }
    }

    @Override
    void writeOpened(Channel channel, long id) {
        write(channel, takeGreeting().opened(id));
    }

    @Override
    void writeResumed(Channel channel, Resumption point) {
        write(channel, takeGreeting().resumed(point));
    }

    private Greeting takeGreeting() {
        Greeting once = greeting;
        assert once != null : "greeted twice";
        greeting = null;
        return once;
    }

    @Override
    long received() {
        return received;
    }

    @Override
    long kept() {
        return kept;
    }

    @Override
    void acknowledged(LoopQueue down, long packets) {
        down.signal(this, packets);
    }

    /** The backend has acknowledged this many data packets of the client. */
    @Override
    public void signal(long packets) {}

    @Override
    List<ByteBuf> takeUndelivered(LinkOutput output) {
        return output.takeBack();
    }
}
