package net.voltlane.backend;

import java.nio.ByteBuffer;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.MessageFlag;
import net.voltlane.protocol.firehose3.Ping;
import net.voltlane.protocol.firehose3.Pong;
import net.voltlane.protocol.firehose3.Welcome;
import org.jspecify.annotations.Nullable;

/**
 * The packets of the link itself that wait for the socket. Of each kind only the newest waits. Guarded by the lock of its
 * {@link ServerOutbox}.
 */
final class LinkPackets {
    private static final byte[] PING = frame(new Ping(new byte[0]));

    private byte @Nullable [] welcome;
    private byte @Nullable [] pong;
    private boolean ping;
    /** True if an Ack is due even if nothing else is written. */
    private boolean ack;
    /** The count in the last Ack, or in the Welcome. */
    private long acknowledged;

    /** Tells whether a received packet is an Ack. */
    static boolean isAck(ByteBuffer buffer, int frame, int length) {
        return length >= Tag.BYTES
                && buffer.getLong(frame + Tag.ID_OFFSET_IN_FRAME) == FirehoseMessage.LINK_ID
                && buffer.get(frame + Tag.FLAG_OFFSET_IN_FRAME) == MessageFlag.ACK;
    }

    /** Begins a link: its first packet is the Welcome. */
    void begin(Welcome first) {
        welcome = frame(first);
        pong = null;
        ping = false;
        ack = false;
        acknowledged = first.received();
    }

    void answer(Ping from) {
        pong = frame(new Pong(from.bytes()));
    }

    void ping() {
        ping = true;
    }

    /** Makes an Ack due, if there is anything to acknowledge. */
    void acknowledge(long received) {
        ack |= received > acknowledged;
    }

    /** Returns the count that was told last. */
    long acknowledged() {
        return acknowledged;
    }

    /** Tells whether anything has to be written now. */
    boolean areDue() {
        return welcome != null || pong != null || ping || ack;
    }

    /** Writes all that waits, and an Ack if anything is to be acknowledged. */
    void put(ByteBuffer out, long received) {
        if (welcome != null) {
            out.put(welcome);
            welcome = null;
        }
        if (received > acknowledged) {
            putAck(out, received);
            acknowledged = received;
        }
        ack = false;
        if (pong != null) {
            out.put(pong);
            pong = null;
        }
        if (ping) {
            out.put(PING);
            ping = false;
        }
    }

    /** Writes an Ack without garbage, as there are many. */
    private static void putAck(ByteBuffer out, long received) {
        out.putInt(Tag.BYTES + Long.BYTES)
                .putLong(FirehoseMessage.LINK_ID)
                .put((byte) MessageFlag.ACK)
                .putLong(received);
    }

    private static byte[] frame(FirehoseMessage message) {
        return MessageCodec.frame(FirehoseMessage.LINK_ID, message);
    }
}
