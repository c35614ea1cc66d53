package net.voltlane.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes are a handshake packet or are refused with a word of explanation; what was understood can be said again.
 */
final class HandshakeCodecFuzzTest {

    @FuzzTest
    void anyPayload(byte[] payload) throws MalformedPacketException {
        HandshakePacket packet = decoded(payload);
        ByteBuffer within = ByteBuffer.allocate(payload.length + 2).put(1, payload);
        within.position(1).limit(1 + payload.length);
        HandshakePacket same = decoded(within);
        assertThat(within.hasRemaining()).isFalse();
        assertThat(same).isEqualTo(packet);
        if (packet == null) {
            return;
        }
        byte[] said = HandshakeCodec.encode(packet);
        assertThat(said.length).as("writers choose the shortest form").isLessThanOrEqualTo(payload.length);
        assertThat(HandshakeCodec.decode(said)).isEqualTo(packet);
        byte[] frame = HandshakeCodec.frame(packet);
        assertThat(Frame.length(frame, 0)).isEqualTo(said.length);
        assertThat(Arrays.copyOfRange(frame, Frame.PREFIX_BYTES, frame.length)).isEqualTo(said);
        byte[] longer = Arrays.copyOf(said, said.length + 3);
        assertThat(HandshakeCodec.decode(longer))
                .as("what stands behind is ignored")
                .isEqualTo(packet);
    }

    private static @Nullable HandshakePacket decoded(byte[] payload) {
        try {
            return HandshakeCodec.decode(payload);
        } catch (MalformedPacketException e) {
            return explained(e);
        }
    }

    private static @Nullable HandshakePacket decoded(ByteBuffer payload) {
        try {
            return HandshakeCodec.decode(payload);
        } catch (MalformedPacketException e) {
            return explained(e);
        }
    }

    private static @Nullable HandshakePacket explained(MalformedPacketException e) {
        assertThat(e.getMessage()).matches("[\\w ,.()]{8,120}");
        assertThat(e.getStackTrace()).isEmpty();
        return null;
    }
}
