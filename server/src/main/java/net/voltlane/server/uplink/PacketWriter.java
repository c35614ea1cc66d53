package net.voltlane.server.uplink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.MessageFlag;
import net.voltlane.server.session.MasterPort;

/**
 * Writes the server's packets of firehose 3, whose layouts {@code protocol.firehose3} draws. Each method returns one
 * buffer, which is used again: the packet is to be copied before the next is written. Belongs to the session loop.
 */
final class PacketWriter {
    static final int EXISTING = 1;
    static final int SUSPENDED = 2;
    static final int ADOPTED = 4;

    private static final int FIRST_BYTES = 512;
    /** The most bytes of a text that is not the protocol's own. */
    private static final int MOST_TEXT_BYTES = 1024;

    /** On the heap, where it needs no end. */
    private final ByteBuf out = Unpooled.buffer(FIRST_BYTES);

    // ---- packets of the link

    ByteBuf ack(long packets) {
        begin(FirehoseMessage.LINK_ID, MessageFlag.ACK);
        out.writeLongLE(packets);
        return end();
    }

    ByteBuf ping() {
        begin(FirehoseMessage.LINK_ID, MessageFlag.PING);
        return end();
    }

    ByteBuf pong(byte[] data) {
        begin(FirehoseMessage.LINK_ID, MessageFlag.PONG);
        out.writeBytes(data);
        return end();
    }

    // ---- packets of sessions

    /** @param existing true for a session that was opened to another instance of the master, or comes from another server */
    ByteBuf opened(Told session, boolean existing) {
        MasterPort.Subject subject = session.subject();
        begin(subject.id(), MessageFlag.OPENED);
        MasterPort.Adopting adopting = subject.adopting();
        int flags = (existing ? EXISTING : 0) | (session.isSuspended() ? SUSPENDED : 0);
        if (adopting == null) {
            out.writeByte(flags).writeLongLE(session.acknowledged() + 1).writeLongLE(subject.nextDown());
        } else {
            out.writeByte(flags | EXISTING | ADOPTED);
            out.writeLongLE(adopting.nextFromClient()).writeLongLE(adopting.nextToClient());
        }
        boolean hasEpoch = subject.epoch() > 0;
        byte[] credentials = subject.credentials();
        Map<String, String> more = session.attributes();
        out.writeShortLE(more.size() + 4 + (credentials == null ? 0 : 1) + (hasEpoch ? 1 : 0));
        attribute(Attributes.REMOTE, session.remote());
        attribute(Attributes.LOCAL, session.local());
        attribute(Attributes.TRANSPORT, session.transport());
        attribute(Attributes.PROTOCOL, Integer.toString(subject.protocolVersion()));
        if (hasEpoch) {
            attribute(Attributes.EPOCH, Long.toString(subject.epoch()));
        }
        if (!more.isEmpty()) {
            more.forEach(this::attribute);
        }
        if (credentials != null) {
            text(Attributes.CREDENTIALS);
            out.writeShortLE(credentials.length).writeBytes(credentials);
        }
        return end();
    }

    ByteBuf suspended(Told session) {
        begin(session.subject().id(), MessageFlag.SUSPENDED);
        text(session.cause());
        return end();
    }

    ByteBuf resumed(Told session, boolean takeover) {
        begin(session.subject().id(), MessageFlag.RESUMED);
        out.writeByte(takeover ? 1 : 0);
        text(session.remote());
        return end();
    }

    /** @param text the master's own words at a kick, in UTF-8; empty: the reason's */
    ByteBuf ended(Told session, Reason reason, byte[] text) {
        begin(session.subject().id(), MessageFlag.ENDED);
        out.writeShortLE(reason.closeCode().code());
        out.writeLongLE(session.subject().takenUp());
        out.writeLongLE(session.delivered());
        if (text.length == 0) {
            text(reason.text());
        } else {
            out.writeShortLE(text.length).writeBytes(text);
        }
        return end();
    }

    ByteBuf delivered(Told session) {
        begin(session.subject().id(), MessageFlag.DELIVERED);
        out.writeLongLE(session.delivered());
        return end();
    }

    /** Slow or Ready, whichever the session is. */
    ByteBuf pace(Told session) {
        begin(session.subject().id(), session.isSlow() ? MessageFlag.SLOW : MessageFlag.READY);
        out.writeLongLE(session.keptBytes());
        return end();
    }

    // ---- fields

    private void begin(long id, int flag) {
        out.clear().writeIntLE(0).writeLongLE(id).writeByte(flag);
    }

    private ByteBuf end() {
        return out.setIntLE(0, out.writerIndex() - Frame.PREFIX_BYTES);
    }

    private void attribute(String name, String value) {
        text(name);
        text(value);
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > MOST_TEXT_BYTES) {
            utf8 = new String(utf8, 0, MOST_TEXT_BYTES - 3, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
        }
        out.writeShortLE(utf8.length).writeBytes(utf8);
    }
}
