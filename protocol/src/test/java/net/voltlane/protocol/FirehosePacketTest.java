package net.voltlane.protocol;

import static net.voltlane.protocol.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class FirehosePacketTest {

    static List<Vectors.Tagged> tagged() {
        return Vectors.tagged();
    }

    @Test
    void theVectorsAreThere() {
        assertThat(tagged()).hasSize(8);
    }

    @ParameterizedTest
    @MethodSource("tagged")
    void packetsBecomeTheFramesOfTheReferenceAndBack(Vectors.Tagged vector) throws Exception {
        FirehosePacket packet = vector.packet();

        assertThat(packet.frame()).isEqualTo(vector.frame());
        assertThat(Tag.frame(packet.id(), packet.flag(), packet.data())).isEqualTo(vector.frame());
        assertThat(Frame.length(vector.frame(), 0)).isEqualTo(vector.frame().length - Frame.PREFIX_BYTES);
        assertThat(FirehosePacket.decode(payload(vector.frame()))).isEqualTo(packet);
    }

    @ParameterizedTest
    @MethodSource("tagged")
    void idAndFlagStandAtTheOffsetsOfTheTag(Vectors.Tagged vector) {
        assertThat(LittleEndian.getLong(vector.frame(), Tag.ID_OFFSET_IN_FRAME))
                .isEqualTo(vector.packet().id());
        assertThat(vector.frame()[Tag.FLAG_OFFSET_IN_FRAME])
                .isEqualTo(vector.packet().flag().code());
        assertThat(Arrays.copyOfRange(vector.frame(), Tag.FRAME_HEADER_BYTES, vector.frame().length))
                .isEqualTo(vector.packet().data());
    }

    @Test
    void aPacketShorterThanATagIsRefused() {
        for (int length = 0; length < Tag.BYTES; length++) {
            assertThat(refusal(new byte[length]))
                    .hasMessage("firehose packet of " + length + " bytes (expected: at least 9)");
        }
    }

    @Test
    void everyByteThatIsNoFlagIsRefused() throws Exception {
        for (int flag = 0; flag <= 0xFF; flag++) {
            byte[] payload = new byte[Tag.BYTES];
            payload[8] = (byte) flag;
            if (flag <= 3) {
                assertThat(FirehosePacket.decode(payload).flag().code()).isEqualTo((byte) flag);
            } else {
                assertThat(refusal(payload)).hasMessage("firehose packet: unknown flag at byte 8");
            }
        }
    }

    @Test
    void packetsAreEqualByContent() {
        FirehosePacket packet = new FirehosePacket(7, Flag.DATA, hex("01 02"));

        assertThat(packet).isEqualTo(new FirehosePacket(7, Flag.DATA, hex("01 02")));
        assertThat(packet).hasSameHashCodeAs(new FirehosePacket(7, Flag.DATA, hex("01 02")));
        assertThat(packet).isNotEqualTo(new FirehosePacket(8, Flag.DATA, hex("01 02")));
        assertThat(packet).isNotEqualTo(new FirehosePacket(7, Flag.KICK, hex("01 02")));
        assertThat(packet).isNotEqualTo(new FirehosePacket(7, Flag.DATA, hex("01 03")));
    }

    @Test
    void dataOfUsersIsNotShown() {
        FirehosePacket packet = new FirehosePacket(-1, Flag.DATA, "secret".getBytes(StandardCharsets.UTF_8));

        assertThat(packet).hasToString("FirehosePacket[id=18446744073709551615, flag=DATA, data=6 bytes]");
    }

    private static byte[] payload(byte[] frame) {
        return Arrays.copyOfRange(frame, Frame.PREFIX_BYTES, frame.length);
    }

    private static MalformedPacketException refusal(byte[] payload) {
        MalformedPacketException refusal =
                catchThrowableOfType(MalformedPacketException.class, () -> FirehosePacket.decode(payload));
        assertThat(refusal).isNotNull();
        return refusal;
    }
}
