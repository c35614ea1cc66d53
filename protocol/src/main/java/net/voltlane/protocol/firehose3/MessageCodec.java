package net.voltlane.protocol.firehose3;

import java.nio.ByteBuffer;
import net.voltlane.protocol.FieldReader;
import net.voltlane.protocol.FieldWriter;
import net.voltlane.protocol.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the packets of firehose 3 as bytes, and decodes them. Stateless and thread-safe.
 *
 * <p>Faults come in two kinds. A packet that has no meaning (unknown flag, wrong direction, too short) is skipped, and the
 * link goes on. A value that can't be true (a count of 2^53 or more, a backend without a name) makes the link useless.
 */
public final class MessageCodec {

    private MessageCodec() {}

    /**
     * Encodes a packet as a whole frame, ready to be sent.
     *
     * @param id the session's id, or 0 for packets about the link
     * @throws IllegalArgumentException if the id does not suit the packet, or a value does not fit its field
     */
    public static byte[] frame(long id, FirehoseMessage message) {
        if ((id == FirehoseMessage.LINK_ID) != MessageFlag.isOfLink(message.flag())) {
            throw new IllegalArgumentException("id " + Long.toUnsignedString(id) + " for " + message);
        }
        FieldWriter out = new FieldWriter().u64(id).u8(message.flag());
        message.writeData(out);
        return out.frame();
    }

    /**
     * Decodes a packet whose data lies between the buffer's position and limit. All of it is consumed, even if it is no
     * packet. Bytes behind the known fields are ignored.
     *
     * @param id the session's id, or 0 for packets about the link
     * @param flag the packet's flag as an unsigned number, 0 to 255
     * @param fromServer true if the packet comes from a server, false if it comes from a backend
     * @return null for a packet to be skipped and counted: an unknown flag, one that does not suit the id or the
     *     direction, too few bytes, or a Ping or Pong of over 16 bytes
     * @throws MalformedPacketException if a count is 2^53 or more, or a Welcome's instance is all zeros. The link must be
     *     closed then
     */
    public static @Nullable FirehoseMessage decode(long id, int flag, ByteBuffer data, boolean fromServer)
            throws MalformedPacketException {
        FieldReader in = new FieldReader("firehose packet", data);
        data.position(data.limit());
        boolean suitsSender = fromServer ? MessageFlag.isFromServer(flag) : MessageFlag.isFromBackend(flag);
        if (!suitsSender || (id == FirehoseMessage.LINK_ID) != MessageFlag.isOfLink(flag)) {
            return null;
        }
        try {
            return read(flag, in);
        } catch (MalformedPacketException fault) {
            if (in.isTooShort()) {
                return null;
            }
            throw fault;
        }
    }

    private static @Nullable FirehoseMessage read(int flag, FieldReader in) throws MalformedPacketException {
        return switch (flag) {
            case MessageFlag.DATA -> new Data(in.rest());
            case MessageFlag.ENDED -> Ended.read(in);
            case MessageFlag.KICK -> Kick.read(in);
            case MessageFlag.RESUMED -> Resumed.read(in);
            case MessageFlag.OPENED -> Opened.read(in);
            case MessageFlag.SUSPENDED -> Suspended.read(in);
            case MessageFlag.DELIVERED -> Delivered.read(in);
            case MessageFlag.POSITION -> Position.read(in);
            case MessageFlag.SLOW -> Slow.read(in);
            case MessageFlag.READY -> Ready.read(in);
            case MessageFlag.ELSEWHERE -> Elsewhere.read(in);
            case MessageFlag.GAP -> new Gap();
            case MessageFlag.HELLO -> Hello.read(in);
            case MessageFlag.WELCOME -> Welcome.read(in);
            case MessageFlag.ACK -> Ack.read(in);
            case MessageFlag.PING -> in.remaining() > FirehoseMessage.MAX_PING_BYTES ? null : new Ping(in.rest());
            case MessageFlag.PONG -> in.remaining() > FirehoseMessage.MAX_PING_BYTES ? null : new Pong(in.rest());
            default -> null;
        };
    }
}
