package net.voltlane.bench.firehose;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import net.voltlane.bench.load.Ids;
import net.voltlane.bench.load.Payload;
import net.voltlane.bench.load.Transport;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FirehoseHandlerTest {

    private static final int FRAME_BYTES = 100_000;

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false);
    private BenchBackend backend;
    private EmbeddedChannel channel;

    @BeforeEach
    void open() throws Exception {
        backend = BenchBackend.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Transport.best(),
                new Payload(64, 1),
                new Ids(1));
        channel = new EmbeddedChannel();
        channel.config().setAllocator(memory);
        channel.pipeline().addLast(new FirehoseHandler(backend));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        backend.close();
        assertThat(memory.metric().usedHeapMemory()).isZero();
    }

    private static ByteBuf frame(int dataBytes, Flag flag, Random random) {
        byte[] data = new byte[dataBytes];
        random.nextBytes(data);
        return Unpooled.buffer()
                .writeIntLE(Tag.BYTES + dataBytes)
                .writeLongLE(7)
                .writeByte(flag.code())
                .writeBytes(data);
    }

    private ByteBuf pass(ByteBuf part) {
        channel.writeInbound(part);
        ByteBuf answer = Unpooled.buffer();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            answer.writeBytes(out);
            out.release();
        }
        return answer;
    }

    @Test
    void howeverFramesAreCutDataComesBackAsItWentAndNothingElseDoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ByteBuf sent = Unpooled.buffer();
        ByteBuf wanted = Unpooled.buffer();
        for (int i = 0; i < 300; i++) {
            boolean data = random.nextInt(4) != 0;
            ByteBuf frame = frame(random.nextInt(60), data ? Flag.DATA : Flag.RECONNECTION, random);
            if (data) {
                wanted.writeBytes(frame.duplicate());
            }
            sent.writeBytes(frame);
        }
        ByteBuf answered = Unpooled.buffer();
        while (sent.isReadable()) {
            int length = Math.min(1 + random.nextInt(random.nextBoolean() ? 5 : 200), sent.readableBytes());
            answered.writeBytes(pass(sent.readBytes(length)));
        }
        assertThat(ByteBufUtil.equals(answered, wanted)).as("seed %d", seed).isTrue();
    }

    /**
     * It once kept all that had come since a read last ended with a frame: a quarter of a gigabyte, moved again and
     * again.
     */
    @Test
    void aLongRowOfFramesThatNeverEndsWithAReadIsNotKept() {
        Random random = new Random(1);
        ByteBuf sent = Unpooled.buffer();
        for (int i = 0; i < 50; i++) {
            sent.writeBytes(frame(FRAME_BYTES, Flag.DATA, random));
        }
        long most = 0;
        while (sent.readableBytes() > 70_001) {
            pass(sent.readBytes(70_001)).release();
            most = Math.max(most, memory.metric().usedHeapMemory());
        }
        assertThat(most).isPositive().isLessThan(2 * FRAME_BYTES);
        pass(sent.readBytes(sent.readableBytes())).release();
    }

    @Test
    void aFrameOfNegativeLengthEndsTheFirehose() {
        channel.writeInbound(Unpooled.buffer().writeIntLE(-1));
        assertThat(channel.isOpen()).isFalse();
    }
}
