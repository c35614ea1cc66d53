package net.voltlane.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import net.voltlane.testkit.Bytes;
import org.junit.jupiter.api.Test;

class LinesTest {

    @Test
    void aLineEndsAtItsEndOrAtThatOfTheInput() throws IOException {
        Lines lines = lines("one\n\n two\r\nlast");

        assertThat(lines.next()).isEqualTo(Bytes.utf8("one"));
        assertThat(lines.next()).isEmpty();
        assertThat(lines.next()).isEqualTo(Bytes.utf8(" two\r"));
        assertThat(lines.next()).isEqualTo(Bytes.utf8("last"));
        assertThat(lines.next()).isNull();
    }

    @Test
    void nothingFollowsALastLineThatIsEnded() throws IOException {
        Lines lines = lines("one\n");

        assertThat(lines.next()).isEqualTo(Bytes.utf8("one"));
        assertThat(lines.next()).isNull();
    }

    @Test
    void aLineMayBeAsLongAsAllowedAndNoLonger() throws IOException {
        Lines lines = lines("12345678\n123456789\n");

        assertThat(lines.next()).hasSize(8);
        assertThatThrownBy(lines::next).isInstanceOf(IOException.class).hasMessageContaining("longer than 8 bytes");
    }

    private static Lines lines(String text) {
        return new Lines(new ByteArrayInputStream(Bytes.utf8(text)), 8);
    }
}
