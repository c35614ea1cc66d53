package net.voltlane.server.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.voltlane.fuzz.Aftermath;
import net.voltlane.fuzz.Script;
import net.voltlane.protocol.Frame;
import net.voltlane.server.link.Bufs;
import net.voltlane.server.link.Layer;
import net.voltlane.testkit.Bytes;

/**
 * Anything behind an upgrade to WebSocket becomes the frames that {@link MessageOracle} says, wherever it is cut; no more
 * is held than came, and nothing is left.
 *
 * <p>An input: how it is cut (see {@link Script#pieces}), and what comes.
 */
final class MessageDecoderFuzzTest {
    private static final int MAX_FRAGMENTS = 64 * 1024;
    /** A buffer begins so large, and at most doubles. */
    private static final int LEAST_HELD_BYTES = 128;

    @FuzzTest
    void anyStream(byte[] input) {
        List<byte[]> pieces = new Script(input).pieces();
        byte[] all = Bytes.concat(pieces.toArray(byte[][]::new));
        Aftermath.of(() -> compare(pieces, MessageOracle.of(all, MAX_FRAGMENTS)));
    }

    private static void compare(List<byte[]> pieces, MessageOracle expected) {
        List<String> controls = new ArrayList<>();
        AtomicLong held = new AtomicLong();
        Fragments fragments = new Fragments(ByteBufAllocator.DEFAULT, held::addAndGet);
        MessageDecoder decoder = new MessageDecoder(ByteBufAllocator.DEFAULT, fragments, new MessageDecoder.Controls() {
            @Override
            public void ping(ByteBuf buf, int index, int length) {
                controls.add("ping " + Arrays.toString(Bufs.bytes(buf, index, length)));
            }

            @Override
            public void close(int status) {
                controls.add("close");
            }
        });
        byte[] frames = new byte[0];
        int came = 0;
        for (byte[] piece : pieces) {
            frames = Bytes.concat(frames, Bufs.bytes(decoder.decode(Bufs.buf(piece))));
            came += piece.length;
            assertThat(held.get()).isLessThanOrEqualTo(LEAST_HELD_BYTES + 2L * came);
        }
        assertThat(frames).isEqualTo(expectedFrames(expected, frames));
        assertThat(controls).isEqualTo(expected.controls());
        assertThat(decoder.fault() != null).as("a fault").isEqualTo(expected.isBroken());
        decoder.end();
        assertThat(held).hasValue(0);
    }

    /** The length of a message that did not come whole is told by its head, which the oracle does not keep. */
    private static byte[] expectedFrames(MessageOracle expected, byte[] frames) {
        byte[] whole = Bytes.concat(expected.messages().stream().map(Frame::of).toArray(byte[][]::new));
        if (expected.isBroken()) {
            return Bytes.concat(whole, Bytes.u32(Layer.FAULT_LENGTH));
        } else if (expected.tail() == null) {
            return whole;
        }
        byte[] prefix = Arrays.copyOfRange(frames, whole.length, whole.length + Frame.PREFIX_BYTES);
        return Bytes.concat(whole, prefix, expected.tail());
    }
}
