package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class InstanceNameTest {

    @Test
    void aNameIsHexOrAnyText() {
        assertThat(InstanceName.of("00112233445566778899AABBCCDDEEFF")).hasToString("00112233445566778899aabbccddeeff");
        assertThat(InstanceName.of("abc").bytes())
                .isEqualTo(HexFormat.of().parseHex("ba7816bf8f01cfea414140de5dae2223"));
        assertThat(InstanceName.random()).isNotEqualTo(InstanceName.random());
    }

    @Test
    void zerosAreTheNameOfNone() {
        assertThatThrownBy(() -> BackendOptions.DEFAULT.withInstance("0".repeat(32)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("instance: " + "0".repeat(32) + " (expected: anything but 32 zeros)");
    }
}
