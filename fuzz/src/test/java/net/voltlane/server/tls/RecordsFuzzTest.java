package net.voltlane.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.ByteArrayOutputStream;
import java.util.List;
import net.voltlane.fuzz.Aftermath;
import net.voltlane.fuzz.Script;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.CodecException;
import net.voltlane.server.link.FakeChannel;
import net.voltlane.server.link.LayerInput;
import net.voltlane.server.link.ManualLoop;
import net.voltlane.server.link.MemoryBudget;
import net.voltlane.server.metrics.Metrics;
import net.voltlane.testkit.Bytes;
import net.voltlane.testkit.ManualClock;

/**
 * Anything that comes to a port with TLS is taken apart into the records that {@link RecordsOracle} says, wherever it is
 * cut, and an engine gets each of them whole; no more is held than came, and nothing is left. The engine is one that
 * encrypts nothing.
 *
 * <p>An input: how it is cut (see {@link Script#pieces}), and what comes behind a handshake.
 */
final class RecordsFuzzTest {
    /** A record of one byte, with which the handshake of the engine here is done. */
    private static final byte[] HANDSHAKE = {22, 3, 3, 0, 1, 1};
    /** A buffer begins so large, and at most doubles. */
    private static final int LEAST_HELD_BYTES = 64;

    @FuzzTest
    void anyStream(byte[] input) {
        List<byte[]> pieces = new Script(input).pieces();
        byte[] all = Bytes.concat(pieces.toArray(byte[][]::new));
        Aftermath.of(() -> compare(pieces, RecordsOracle.of(all)));
    }

    private static void compare(List<byte[]> pieces, RecordsOracle expected) {
        ManualLoop loop = new ManualLoop(new ManualClock());
        MemoryBudget budget = new MemoryBudget(Long.MAX_VALUE);
        TlsLoop shared = new TlsLoop(ByteBufAllocator.DEFAULT, new Metrics().newCounters(), budget, () -> 0);
        PlainEngine engine = new PlainEngine();
        TlsCodec codec = new TlsCodec(new TlsEngine(engine), shared);
        FakeChannel channel = FakeChannel.connected(loop);
        Above above = new Above(codec);
        channel.pipeline().addLast(TlsCodec.NAME, codec).addLast(above);
        receive(channel, loop, HANDSHAKE);
        engine.records.clear();
        above.plain.reset();
        int came = 0;
        for (byte[] piece : pieces) {
            receive(channel, loop, piece);
            came += piece.length;
            assertThat(budget.heldBytes()).isEqualTo(codec.heldBytes());
            assertThat(budget.heldBytes()).isLessThanOrEqualTo(LEAST_HELD_BYTES + 2L * came);
        }
        assertThat(engine.records).containsExactlyElementsOf(expected.records());
        assertThat(above.plain.toByteArray()).isEqualTo(expected.plain());
        assertThat(above.faults).isEqualTo(expected.isBroken() ? 1 : 0);
        if (!expected.isBroken() && !expected.hasEmptyRecord()) {
            assertThat(above.counted).as("counted ahead of its record").isEqualTo(expected.unfinishedBytes());
        }
        channel.close();
        loop.run();
        assertThat(budget.heldBytes()).isZero();
        shared.release();
    }

    /** A read brings 64 KiB at most. */
    private static void receive(FakeChannel channel, ManualLoop loop, byte[] bytes) {
        channel.receives(bytes);
        loop.run();
    }

    /** The link, which counts what it hears of. */
    private static final class Above extends ChannelInboundHandlerAdapter {
        private final TlsCodec codec;
        final ByteArrayOutputStream plain = new ByteArrayOutputStream();
        int faults;
        int counted;

        Above(TlsCodec codec) {
            this.codec = codec;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            plain.writeBytes(Bufs.bytes(List.of((ByteBuf) msg)));
            counted -= codec.countedBytes();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            counted += ((LayerInput) event).bytes();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            assertThat(cause).isInstanceOf(CodecException.class);
            faults++;
        }
    }
}
