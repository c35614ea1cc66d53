package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    private static final List<String> WORDS = List.of("address", "key_file", "threads", "transport");

    @ParameterizedTest
    @CsvSource({
        "adress, address",
        "addresss, address",
        "addrses, address",
        "ADDRESS, address",
        "key-file, key_file",
        "keyFile, key_file",
        "thread, threads",
        "tranpsort, transport",
    })
    void aSlipIsRecognised(String written, String meant) {
        assertThat(Nearest.to(written, WORDS)).isEqualTo(meant);
    }

    @Test
    void anotherWordIsNot() {
        assertThat(Nearest.to("backlog", WORDS)).isNull();
        assertThat(Nearest.to("", WORDS)).isNull();
    }
}
