package net.voltlane.protocol;

import static net.voltlane.protocol.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

final class FrameTest {

    @Test
    void aFrameIsItsLengthAndItsPayload() {
        assertThat(Frame.of(hex("AA BB CC"))).isEqualTo(hex("03 00 00 00 AA BB CC"));
        assertThat(Frame.of(new byte[0])).isEqualTo(hex("00 00 00 00"));
        assertThat(Frame.of(hex("AA BB CC DD"), 1, 2)).isEqualTo(hex("02 00 00 00 BB CC"));
        assertThat(Frame.of(new byte[0x0102]))
                .startsWith(0x02, 0x01, 0x00, 0x00)
                .hasSize(0x0102 + 4);
    }

    @Test
    void aPartThatIsNotThereIsRefused() {
        byte[] payload = new byte[4];
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> Frame.of(payload, 3, 2));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> Frame.of(payload, -1, 2));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> Frame.of(payload, 0, -1));
    }

    @Test
    void aLengthIsReadAtAnyOffset() {
        byte[] bytes = hex("FF 01 02 03 00 FF FF FF FF");

        assertThat(Frame.length(bytes, 1)).isEqualTo(0x030201);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> Frame.length(bytes, 6));
    }

    @Test
    void aLengthFromTwoGibibytesOnIsNegative() {
        assertThat(Frame.length(hex("FF FF FF 7F"), 0)).isEqualTo(Integer.MAX_VALUE);
        assertThat(Frame.length(hex("00 00 00 80"), 0)).isNegative();
        assertThat(Frame.length(hex("FF FF FF FF"), 0)).isNegative();
    }

    @Test
    void aLengthIsOverALimitFromOneByteMoreOn() {
        assertThat(Frame.isOverLimit(0, 0)).isFalse();
        assertThat(Frame.isOverLimit(1, 0)).isTrue();
        assertThat(Frame.isOverLimit(1024, 1024)).isFalse();
        assertThat(Frame.isOverLimit(1025, 1024)).isTrue();
        assertThat(Frame.isOverLimit(Integer.MAX_VALUE, Integer.MAX_VALUE)).isFalse();
    }

    @Test
    void aLengthFromTwoGibibytesOnIsOverEveryLimit() {
        assertThat(Frame.isOverLimit(Frame.length(hex("00 00 00 80"), 0), Integer.MAX_VALUE))
                .isTrue();
        assertThat(Frame.isOverLimit(Frame.length(hex("FF FF FF FF"), 0), Integer.MAX_VALUE))
                .isTrue();
        assertThat(Frame.isOverLimit(-1, 0)).isTrue();
    }
}
