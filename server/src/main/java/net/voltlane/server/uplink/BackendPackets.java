package net.voltlane.server.uplink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.firehose3.Elsewhere;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.Gap;
import net.voltlane.protocol.firehose3.Kick;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.MessageFlag;
import net.voltlane.protocol.firehose3.Ping;
import net.voltlane.protocol.firehose3.Position;
import net.voltlane.server.link.FrameCutter;
import net.voltlane.server.link.MemoryAccount;
import net.voltlane.server.link.RateLimitedLog;
import net.voltlane.server.metrics.Counters;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.Sessions;
import org.jspecify.annotations.Nullable;

/**
 * The master's packets of firehose 3 on one link. Of data it looks at id and flag alone: the payload stays in the buffer
 * that it was read into. Nothing is read any more from a link that the uplink has left, since the master sends it again.
 * Belongs to the session loop.
 */
final class BackendPackets extends FrameCutter {
    private final FirehoseV3 firehose;
    private final Channel from;
    private final Sessions sessions;
    private final Counters counters;
    private final RateLimitedLog faults;

    BackendPackets(
            FirehoseV3 firehose,
            Channel from,
            Sessions sessions,
            int maxFrameBytes,
            ByteBufAllocator allocator,
            MemoryAccount account) {
        super(maxFrameBytes, allocator, account);
        this.firehose = firehose;
        this.from = from;
        this.sessions = sessions;
        counters = firehose.counters();
        faults = firehose.faults();
    }

    @Override
    protected void frame(ByteBuf buf, int index, int length) {
        if (!firehose.isOn(from)) {
            return;
        }
        if (length < Tag.BYTES) {
            if (firehose.isSpeaking()) {
                tooShort();
            } else {
                firehose.first(from, null);
            }
            return;
        }
        long id = buf.getLongLE(index);
        int flag = buf.getUnsignedByte(index + Tag.ID_BYTES);
        int data = index + Tag.BYTES;
        int dataBytes = length - Tag.BYTES;
        if (!firehose.isSpeaking()) {
            firehose.first(from, Greeting.welcome(id, flag, buf.nioBuffer(data, dataBytes)));
        } else if (id == FirehoseMessage.LINK_ID) {
            ofLink(flag, buf, data, dataBytes);
        } else {
            firehose.received(Frame.PREFIX_BYTES + length);
            if (flag == MessageFlag.DATA) {
                sessions.data(id, buf, data, dataBytes);
            } else {
                ofSession(id, flag, buf, data, dataBytes);
            }
        }
    }

    private void ofLink(int flag, ByteBuf buf, int index, int length) {
        switch (flag) {
            case MessageFlag.ACK -> {
                if (length < Long.BYTES) {
                    tooShort();
                } else {
                    firehose.ack(from, buf.getLongLE(index));
                }
            }
            case MessageFlag.PING -> {
                if (decode(FirehoseMessage.LINK_ID, flag, buf, index, length) instanceof Ping ping) {
                    firehose.ping(ping.bytes());
                } else {
                    counters.count(Metric.MASTER_PACKET_IGNORED);
                }
            }
            case MessageFlag.PONG -> {} // that something came is all that counts
            case MessageFlag.HELLO, MessageFlag.WELCOME -> counters.count(Metric.MASTER_PACKET_IGNORED);
            default -> unknown(flag);
        }
    }

    private void ofSession(long id, int flag, ByteBuf buf, int index, int length) {
        switch (flag) {
            case MessageFlag.KICK -> {
                if (decode(id, flag, buf, index, length) instanceof Kick kick) {
                    sessions.kick(id, kick.text().getBytes(StandardCharsets.UTF_8));
                } else {
                    tooShort();
                }
            }
            case MessageFlag.POSITION, MessageFlag.ELSEWHERE, MessageFlag.GAP ->
                ofAdoption(id, decode(id, flag, buf, index, length));
            default -> unknown(flag);
        }
    }

    /** @param message null if the packet is too short */
    private void ofAdoption(long id, @Nullable FirehoseMessage message) {
        if (message instanceof Position position) {
            firehose.position(id, position);
            sessions.position(id, position.taken(), position.nextToClient(), position.epoch());
        } else if (message instanceof Elsewhere elsewhere) {
            sessions.elsewhere(id, elsewhere.epoch());
        } else if (message instanceof Gap) {
            sessions.gap(id);
        } else {
            tooShort();
        }
    }

    private static @Nullable FirehoseMessage decode(long id, int flag, ByteBuf buf, int index, int length) {
        try {
            return MessageCodec.decode(id, flag, buf.nioBuffer(index, length), false);
        } catch (MalformedPacketException e) {
            return null;
        }
    }

    private void tooShort() {
        counters.count(Metric.MASTER_PACKET_SHORT);
        faults.warn("too short");
    }

    /** Skips a flag that nobody knows, or that only servers send, or that does not suit the id. */
    private void unknown(int flag) {
        if (MessageFlag.isFromServer(flag)) {
            counters.count(Metric.MASTER_PACKET_IGNORED);
        } else {
            counters.count(Metric.MASTER_PACKET_UNKNOWN_FLAG);
            faults.warn("unknown flag");
        }
    }
}
