package net.voltlane.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TarWriterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final TarWriter tar = new TarWriter(out, Instant.ofEpochSecond(0x40));

    @Test
    void aFileIsAHeaderAndItsContentFilledUpToABlock() throws IOException {
        tar.file("a/b", new Rights(0640, 65532), new byte[] {'x', 'y'});

        assertThat(out.size()).isEqualTo(1024);
        assertThat(field(0, 0, 4)).isEqualTo("a/b\0");
        assertThat(field(0, 100, 57))
                .isEqualTo("0000640\0" + "0177774\0" + "0177774\0" + "00000000002\0" + "00000000100\0" + "006420\0 "
                        + "0");
        assertThat(field(0, 257, 8)).isEqualTo("ustar\00000");
        assertThat(field(1, 0, 3)).isEqualTo("xy\0");
        assertThat(checksum(0)).isEqualTo(Integer.parseInt(field(0, 148, 6), 8));
    }

    @Test
    void contentThatFillsItsBlockIsFollowedByNothing() throws IOException {
        tar.file("a", new Rights(0644, 0), new byte[512]);
        assertThat(out.size()).isEqualTo(1024);
        tar.finish();
        assertThat(out.size()).isEqualTo(2048);
    }

    @Test
    void aFolderEndsWithASlashAndALinkNamesItsTarget() throws IOException {
        tar.folder("tmp", new Rights(01777, 0));
        tar.link("lib64", "usr/lib64");

        assertThat(field(0, 0, 5)).isEqualTo("tmp/\0");
        assertThat(field(0, 100, 8)).isEqualTo("0001777\0");
        assertThat(field(0, 156, 1)).isEqualTo("5");
        assertThat(field(1, 156, 11)).isEqualTo("2usr/lib64\0");
    }

    @Test
    void aLongNameIsCutAtASlash() throws IOException {
        String folders = "f".repeat(60) + "/" + "g".repeat(50);
        tar.file(folders + "/name", new Rights(0644, 0), new byte[0]);

        assertThat(field(0, 345, 61)).isEqualTo("f".repeat(60) + "\0");
        assertThat(field(0, 0, 56)).isEqualTo("g".repeat(50) + "/name\0");
    }

    @Test
    void aNameThatCannotBeWrittenIsAnError() {
        assertThatThrownBy(() -> tar.file("n".repeat(101), new Rights(0644, 0), new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("expected: at most 100 bytes");
    }

    private String field(int block, int offset, int length) {
        int start = block * 512 + offset;
        return new String(Arrays.copyOfRange(out.toByteArray(), start, start + length), ISO_8859_1);
    }

    private int checksum(int block) {
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += i >= 148 && i < 156 ? ' ' : out.toByteArray()[block * 512 + i] & 0xff;
        }
        return sum;
    }
}
