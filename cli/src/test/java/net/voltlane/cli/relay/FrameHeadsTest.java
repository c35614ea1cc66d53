package net.voltlane.cli.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.Frame;
import org.junit.jupiter.api.Test;

class FrameHeadsTest {

    private final List<String> frames = new ArrayList<>();
    private final FrameHeads heads =
            new FrameHeads((head, length) -> frames.add(length + ":" + head.remaining() + ":" + sum(head)));

    private static int sum(ByteBuffer head) {
        int sum = 0;
        while (head.hasRemaining()) {
            sum += head.get();
        }
        return sum;
    }

    private static byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int size : new int[] {0, 1, 63, 64, 65, 1000, 0}) {
            byte[] payload = new byte[size];
            java.util.Arrays.fill(payload, (byte) 1);
            out.writeBytes(Frame.of(payload));
        }
        return out.toByteArray();
    }

    @Test
    void howeverBytesAreSplitEachFrameIsFoundOnce() {
        byte[] all = bytes();
        for (int step = 1; step <= all.length; step++) {
            frames.clear();
            for (int at = 0; at < all.length; at += step) {
                heads.take(ByteBuffer.wrap(all, at, Math.min(step, all.length - at)));
            }
            assertThat(frames)
                    .as("steps of %d", step)
                    .containsExactly("0:0:0", "1:1:1", "63:63:63", "64:64:64", "65:64:64", "1000:64:64", "0:0:0");
        }
    }

    @Test
    void aNegativeLengthIsNoFrame() {
        assertThatThrownBy(() -> heads.take(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1})))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
