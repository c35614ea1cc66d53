package net.voltlane.server.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SystemWordsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "recvAddress(..) failed with error(-104): Connection reset by peer | Connection reset by peer",
                "writevAddresses(..) failed: Broken pipe                           | Broken pipe",
                "Connection reset                                                  | Connection reset",
                "a (..) b: c                                                       | a (..) b: c",
            })
    void nettysPartIsLeftOut(String message, String words) {
        assertThat(SystemWords.of(new IOException(message))).isEqualTo(words);
    }

    @Test
    void anExceptionWithoutAMessageIsToldByItsCauseOrItsType() {
        assertThat(SystemWords.of(new ClosedChannelException())).isEqualTo("ClosedChannelException");
        assertThat(SystemWords.of(new IOException(null, new IOException("No route to host"))))
                .isEqualTo("No route to host");
        assertThat(SystemWords.of(new UncheckedIOException(new IOException("broken"))))
                .endsWith("broken");
    }
}
