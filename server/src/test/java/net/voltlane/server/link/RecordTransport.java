package net.voltlane.server.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import net.voltlane.testkit.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A transport with a codec, as TLS would be one: everything goes through it in records whose bytes are scrambled, a
 * record is of use to the peer only whole, and the farewell is a record of its own. A byte that went past the codec
 * would not be understood.
 *
 * <pre>
 *   [u8 0xA5][u16 length][length bytes, each xor 0x5A]      data
 *   [u8 0xE0]                                               farewell
 * </pre>
 */
public final class RecordTransport implements Transport {
    public static final int MAX_RECORD_BYTES = 600;

    private static final String CODEC = "records";
    private static final int DATA = 0xA5;
    private static final int FAREWELL = 0xE0;
    private static final int HEADER_BYTES = 3;
    private static final int MAX_BYTES = 0xFFFF;

    @Override
    public String name() {
        return "records";
    }

    @Override
    public void addCodec(ChannelPipeline pipeline) {
        pipeline.addLast(CODEC, new Codec());
    }

    @Override
    public List<String> codecNames() {
        return List.of(CODEC);
    }

    @Override
    public int maxRecordBytes() {
        return MAX_RECORD_BYTES;
    }

    @Override
    public @Nullable ChannelFuture farewell(Channel channel) {
        ChannelHandlerContext codec = channel.pipeline().context(CODEC);
        return codec.writeAndFlush(codec.alloc().directBuffer(1).writeByte(FAREWELL));
    }

    private static byte[] scrambled(byte[] bytes) {
        byte[] scrambled = bytes.clone();
        for (int i = 0; i < scrambled.length; i++) {
            scrambled[i] ^= 0x5A;
        }
        return scrambled;
    }

    private static byte[] records(byte[] bytes) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int from = 0; from < bytes.length; from += MAX_BYTES) {
            byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + MAX_BYTES));
            records.writeBytes(ByteBuffer.allocate(HEADER_BYTES)
                    .put((byte) DATA)
                    .putShort((short) part.length)
                    .array());
            records.writeBytes(scrambled(part));
        }
        return records.toByteArray();
    }

    private static final class Codec extends ChannelDuplexHandler {
        private final Peer fromPeer = new Peer();

        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            byte[] records = records(Bufs.bytes((ByteBuf) msg));
            ctx.write(ctx.alloc().directBuffer(records.length).writeBytes(records), promise);
        }

        /** As TLS does it: a close that comes through the codec says farewell first. */
        @Override
        public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
            if (ctx.channel().isActive()) {
                ctx.writeAndFlush(ctx.alloc().directBuffer(1).writeByte(FAREWELL));
            }
            ctx.close(promise);
        }

        /** Everything that one read has brought goes on as one buffer. */
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            byte[] plain = fromPeer.opens(Bufs.bytes((ByteBuf) msg));
            if (plain.length > 0) {
                ctx.fireChannelRead(ctx.alloc().directBuffer(plain.length).writeBytes(plain));
            }
        }
    }

    /** The other side of one connection, on sockets of tests. */
    public static final class Peer implements WireForm {
        private byte[] unopened = new byte[0];
        private boolean wasBidFarewell;

        /** The records for some bytes. */
        @Override
        public byte[] seals(byte[] plain) {
            return records(plain);
        }

        /** The bytes of all records that are whole by now; anything else on the wire is an error. */
        @Override
        public byte[] opens(byte[] came) {
            List<byte[]> plain = new ArrayList<>();
            unopened = read(Bytes.concat(unopened, came), plain::add);
            return Bytes.concat(plain.toArray(byte[][]::new));
        }

        public boolean wasBidFarewell() {
            return wasBidFarewell;
        }

        /** Bytes of a record that did not come whole. */
        public int unopenedBytes() {
            return unopened.length;
        }

        private byte[] read(byte[] wire, Consumer<byte[]> plain) {
            ByteBuffer in = ByteBuffer.wrap(wire);
            while (in.hasRemaining()) {
                int type = Byte.toUnsignedInt(in.get(in.position()));
                if (wasBidFarewell || (type != DATA && type != FAREWELL)) {
                    throw new AssertionError("bytes that did not go through the codec, or came after the farewell");
                } else if (type == FAREWELL) {
                    wasBidFarewell = true;
                    in.get();
                } else if (in.remaining() < HEADER_BYTES
                        || in.remaining() < HEADER_BYTES + Short.toUnsignedInt(in.getShort(in.position() + 1))) {
                    break;
                } else {
                    byte[] bytes = new byte[Short.toUnsignedInt(in.getShort(in.position() + 1))];
                    in.position(in.position() + HEADER_BYTES).get(bytes);
                    plain.accept(scrambled(bytes));
                }
            }
            return Arrays.copyOfRange(wire, in.position(), wire.length);
        }
    }
}
