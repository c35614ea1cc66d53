package net.voltlane.bench.firehose;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.firehose3.Ack;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Ended;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.Hello;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.Ping;
import net.voltlane.protocol.firehose3.Pong;
import net.voltlane.protocol.firehose3.Welcome;
import org.jspecify.annotations.Nullable;

/**
 * A firehose of version 3: it counts the numbered packets of both directions, acknowledges what came, and checks the
 * server's Acks. It keeps nothing that was sent. So each link belongs to a backend instance of its own, with which both
 * counts begin anew. Belongs to the backend's loop.
 */
final class Version3 {

    private static final int MAX_UNTOLD = 64;
    private static final int MAX_UNTOLD_BYTES = 64 * 1024;
    private static final int MAX_UNTOLD_MILLIS = 50;

    /** A Ping is sent after one to two ticks without sending, and must be after 5 s. */
    private static final int TICK_MILLIS = 2_500;

    /** Ticks without a byte after which the link is lost: 15 s. */
    private static final int LOST_TICKS = 6;

    private final BenchBackend backend;
    private final ChannelHandlerContext ctx;
    private final Future<?> ticking;

    /** Numbered packets from the server: how many came, how many are acknowledged; bytes that are not. */
    private long received;

    private long told;
    private long untoldBytes;
    private boolean ackIsDue;

    /** Numbered packets to the server: how many were sent, how many it has acknowledged. */
    private long sent;

    private long acknowledged;

    private boolean spoke;
    private int silentTicks;

    private Version3(BenchBackend backend, ChannelHandlerContext ctx) {
        this.backend = backend;
        this.ctx = ctx;
        ticking = ctx.executor().scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Answers the first packet of a firehose if it is a Hello of version 3; else returns null. */
    static @Nullable Version3 answer(BenchBackend backend, ChannelHandlerContext ctx, ByteBuf in, int at, int length) {
        if (!(decode(in, at, length) instanceof Hello hello) || hello.version() != Limits.PROTOCOL_VERSION_3) {
            return null;
        }
        Version3 version = new Version3(backend, ctx);
        byte[] instance = new byte[FirehoseMessage.INSTANCE_BYTES];
        ThreadLocalRandom.current().nextBytes(instance);
        version.send(new Welcome(Limits.PROTOCOL_VERSION_3, instance, 0, 0, Attributes.EMPTY));
        return version;
    }

    /** A packet came that is Data, and will be sent back. */
    void echoed(int length) {
        numbered(length);
        sent++;
    }

    /** Another packet came. */
    void control(ByteBuf in, int at, int length) {
        long id = in.getLongLE(at + Tag.ID_OFFSET_IN_FRAME);
        if (id != FirehoseMessage.LINK_ID) {
            numbered(length);
        }
        FirehoseMessage message = decode(in, at, length);
        if (message instanceof Ended ended) {
            backend.failed(id, ended.reason());
        } else if (message instanceof Ack ack) {
            acknowledged(ack.count());
        } else if (message instanceof Ping ping) {
            send(new Pong(ping.bytes()));
        } else if (message instanceof Hello) {
            throw new CorruptedFrameException("a second Hello");
        }
    }

    /** Counts packets that were sent and are not echoes. */
    void sent(int packets) {
        sent += packets;
        spoke = true;
    }

    /** All of one read was looked at; {@code answered} if something goes out now. */
    void readComplete(boolean answered) {
        silentTicks = 0;
        spoke |= answered;
        if (received != told) {
            if (answered || received - told >= MAX_UNTOLD || untoldBytes >= MAX_UNTOLD_BYTES) {
                acknowledge();
            } else if (!ackIsDue) {
                ackIsDue = true;
                ctx.executor().schedule(this::late, MAX_UNTOLD_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    void close() {
        ticking.cancel(false);
    }

    private void late() {
        ackIsDue = false;
        if (received != told) {
            acknowledge();
            ctx.flush();
        }
    }

    private void tick() {
        if (++silentTicks > LOST_TICKS) {
            ctx.close();
        } else if (!spoke) {
            send(new Ping(new byte[0]));
            ctx.flush();
        }
        spoke = false;
    }

    private void numbered(int length) {
        received++;
        untoldBytes += length;
    }

    private void acknowledged(long count) {
        if (count < acknowledged || count > sent) {
            throw new CorruptedFrameException("the server acknowledged " + count + " packets after " + acknowledged
                    + ", and " + sent + " were sent");
        }
        acknowledged = count;
    }

    private void acknowledge() {
        told = received;
        untoldBytes = 0;
        send(new Ack(received));
    }

    private void send(FirehoseMessage message) {
        spoke = true;
        byte[] frame = MessageCodec.frame(FirehoseMessage.LINK_ID, message);
        ctx.write(ctx.alloc().directBuffer(frame.length, frame.length).writeBytes(frame), ctx.voidPromise());
    }

    private static @Nullable FirehoseMessage decode(ByteBuf in, int at, int length) {
        if (length < Tag.BYTES) {
            return null;
        }
        byte[] data = new byte[length - Tag.BYTES];
        in.getBytes(at + Tag.FRAME_HEADER_BYTES, data);
        try {
            return MessageCodec.decode(
                    in.getLongLE(at + Tag.ID_OFFSET_IN_FRAME),
                    in.getByte(at + Tag.FLAG_OFFSET_IN_FRAME) & 0xFF,
                    ByteBuffer.wrap(data),
                    true);
        } catch (MalformedPacketException e) {
            throw new CorruptedFrameException(e);
        }
    }
}
