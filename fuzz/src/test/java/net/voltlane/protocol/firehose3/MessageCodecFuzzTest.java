package net.voltlane.protocol.firehose3;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.voltlane.fuzz.Script;
import net.voltlane.protocol.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * Fuzzes the decoder for firehose 3: any packet has a meaning, or is skipped, or is refused with an explanation because a
 * value in it can't be true. A packet that was decoded can be encoded, and the bytes lead back to the same packet.
 *
 * <p>An input: the sender (even: a server), and the packet from its id on.
 */
final class MessageCodecFuzzTest {
    private static final int TAG_BYTES = 9;
    private static final int PREFIX_BYTES = 4;

    @FuzzTest
    void anyPacket(byte[] input) {
        Script script = new Script(input);
        boolean fromServer = script.choice(2) == 0;
        byte[] packet = script.rest();
        if (packet.length < TAG_BYTES) {
            return;
        }
        FirehoseMessage message;
        try {
            message = decode(packet, fromServer);
        } catch (MalformedPacketException e) {
            assertThat(e.getMessage()).matches("[\\w :,.()^-]{8,120}");
            assertThat(e.getStackTrace()).isEmpty();
            return;
        }
        if (message != null) {
            saidAgain(message, packet, fromServer);
        }
    }

    private static void saidAgain(FirehoseMessage message, byte[] packet, boolean fromServer) {
        assertThat(message.flag()).isEqualTo(packet[8] & 0xFF);
        assertThat(fromServer ? MessageFlag.isFromServer(message.flag()) : MessageFlag.isFromBackend(message.flag()))
                .isTrue();
        if (isTooLongToSay(message)) {
            return;
        }
        byte[] frame = MessageCodec.frame(id(packet), message);
        byte[] said = Arrays.copyOfRange(frame, PREFIX_BYTES, frame.length);
        try {
            assertThat(decode(said, fromServer)).isEqualTo(message).hasSameHashCodeAs(message);
        } catch (MalformedPacketException e) {
            throw new AssertionError(e);
        }
    }

    /** Bytes that are no UTF-8 become three bytes each when they are said again: more than a length can tell. */
    private static boolean isTooLongToSay(FirehoseMessage message) {
        try {
            MessageCodec.frame(MessageFlag.isOfLink(message.flag()) ? 0 : 1, message);
            return false;
        } catch (IllegalArgumentException e) {
            return message.toString().indexOf('\uFFFD') >= 0;
        }
    }

    private static @Nullable FirehoseMessage decode(byte[] packet, boolean fromServer) throws MalformedPacketException {
        ByteBuffer data = ByteBuffer.wrap(packet).position(TAG_BYTES);
        try {
            return MessageCodec.decode(id(packet), packet[TAG_BYTES - 1] & 0xFF, data, fromServer);
        } finally {
            assertThat(data.hasRemaining()).isFalse();
        }
    }

    private static long id(byte[] packet) {
        return ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
