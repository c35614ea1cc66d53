package net.voltlane.protocol.link3;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.voltlane.protocol.Frame;
import net.voltlane.protocol.MalformedPacketException;

/**
 * Fuzzes the decoder for client links of version 3: any bytes are a frame, or are skipped, or are refused with an
 * explanation. A frame that was decoded can be encoded, and the bytes lead back to the same frame.
 */
final class LinkCodecFuzzTest {

    @FuzzTest
    void anyPayload(byte[] payload) throws MalformedPacketException {
        ByteBuffer within = ByteBuffer.allocate(payload.length + 2).put(1, payload);
        within.position(1).limit(1 + payload.length);
        LinkFrame frame;
        try {
            frame = LinkCodec.decode(within);
        } catch (MalformedPacketException e) {
            assertThat(e.getMessage()).matches("[\\w :,.()^-]{8,120}");
            assertThat(e.getStackTrace()).isEmpty();
            return;
        } finally {
            assertThat(within.hasRemaining()).isFalse();
        }
        int type = payload[0] & 0xFF;
        assertThat(frame == null).as("skipped").isEqualTo(FrameType.isSkippable(type));
        if (frame == null) {
            return;
        }
        assertThat(frame.type()).isEqualTo(type);
        byte[] said = said(frame, payload);
        assertThat(LinkCodec.decode(said)).isEqualTo(frame).hasSameHashCodeAs(frame);
        assertThat(Frame.of(said)).isEqualTo(LinkCodec.frame(frame));
        assertThat(frame.toString()).hasSizeLessThan(300 + payload.length);
    }

    /** Encodes the frame, which gives the bytes that were read, but for those behind it and text that was no UTF-8. */
    private static byte[] said(LinkFrame frame, byte[] payload) {
        byte[] said = LinkCodec.encode(frame);
        if (!(frame instanceof Close)) {
            assertThat(said).isEqualTo(Arrays.copyOf(payload, said.length));
        }
        return said;
    }
}
