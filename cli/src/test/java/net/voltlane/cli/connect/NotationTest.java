package net.voltlane.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotationTest {

    @Test
    void plainBytesStayAsTheyAre() {
        byte[] any = {(byte) 0xff, 0, '\r'};

        assertThat(Notation.PLAIN.packet(any)).isEqualTo(any);
        assertThat(Notation.PLAIN.line(any)).isEqualTo(any);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00ffab", "00FFab", " 00 ff\tAB \r", "0 0f f ab"})
    void hexIsReadInCapitalsAndWithSpaces(String line) {
        assertThat(Notation.HEX.packet(Bytes.utf8(line))).containsExactly(0, 0xff, 0xab);
    }

    @Test
    void hexIsWrittenAsItIsRead() {
        byte[] packet = {0, (byte) 0xff, (byte) 0xab};
        assertThat(Notation.HEX.line(packet)).isEqualTo(Bytes.utf8("00 ff ab"));
        assertThat(Notation.HEX.packet(Notation.HEX.line(packet))).isEqualTo(packet);
        assertThat(Notation.HEX.line(new byte[0])).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0g", "hi", "0x00", "00\u00e9"})
    void whatIsNoHexIsRefused(String line) {
        assertThatThrownBy(() -> Notation.HEX.packet(Bytes.utf8(line)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not hex (expected: two digits for each byte, such as 68 69)");
    }
}
