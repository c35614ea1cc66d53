package net.voltlane.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A writer of tar archives in the format of POSIX, "ustar". Each entry is a header of 512 bytes, and for a file its
 * content, filled up to a multiple of 512 with zeros. Two blocks of zeros end the archive.
 *
 * <pre>
 * offset 0 name, 100 mode, 108 owner, 116 group, 124 size, 136 time, 148 checksum, 156 type, 157 target of a link,
 *        257 "ustar\0" "00", 345 the folders before the name, if both together are longer than 100 bytes
 * </pre>
 *
 * <p>Numbers are octal digits. Names of owners stay empty: numbers mean the same on every machine.
 */
final class TarWriter {
    private static final int BLOCK = 512;
    private static final int NAME_BYTES = 100;
    private static final int PREFIX_BYTES = 155;
    /** The largest size that its eleven octal digits can tell: 8 GiB. */
    private static final long MAX_SIZE = 1L << 33;

    private final OutputStream out;
    private final Instant time;

    /**
     * @param out is not closed
     * @param time of all entries
     */
    TarWriter(OutputStream out, Instant time) {
        this.out = out;
        this.time = time;
    }

    void folder(String name, Rights rights) throws IOException {
        header(name + "/", rights, 0, '5', "");
    }

    void link(String name, String target) throws IOException {
        header(name, new Rights(0777, 0), 0, '2', target);
    }

    void file(String name, Rights rights, Path content) throws IOException {
        long size = Files.size(content);
        header(name, rights, size, '0', "");
        if (Files.copy(content, out) != size) {
            throw new IOException(content + ": changed while it was read");
        }
        out.write(new byte[(int) (-size & (BLOCK - 1))]);
    }

    void file(String name, Rights rights, byte[] content) throws IOException {
        header(name, rights, content.length, '0', "");
        out.write(content);
        out.write(new byte[-content.length & (BLOCK - 1)]);
    }

    /** Ends the archive. */
    void finish() throws IOException {
        out.write(new byte[2 * BLOCK]);
    }

    private void header(String name, Rights rights, long size, char type, String target) throws IOException {
        if (size >= MAX_SIZE) {
            throw new IOException(name + ": too large");
        }
        byte[] header = new byte[BLOCK];
        int cut = cut(name);
        text(header, 0, NAME_BYTES, name.substring(cut));
        octal(header, 100, 7, rights.mode());
        octal(header, 108, 7, rights.owner());
        octal(header, 116, 7, rights.owner());
        octal(header, 124, 11, size);
        octal(header, 136, 11, time.getEpochSecond());
        text(header, 148, 8, "        ");
        header[156] = (byte) type;
        text(header, 157, NAME_BYTES, target);
        text(header, 257, 6, "ustar");
        text(header, 263, 2, "00");
        text(header, 345, PREFIX_BYTES, cut == 0 ? "" : name.substring(0, cut - 1));
        // The checksum is the sum of all bytes, with its own place full of blanks. One blank stays behind it.
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(header, 148, 6, sum);
        header[154] = 0;
        out.write(header);
    }

    /** The length of the folders that go into the field of their own, with the slash behind them; 0 for none. */
    private static int cut(String name) throws IOException {
        if (name.getBytes(UTF_8).length <= NAME_BYTES) {
            return 0;
        }
        for (int slash = name.indexOf('/');
                slash > 0 && slash < name.length() - 1;
                slash = name.indexOf('/', slash + 1)) {
            if (name.substring(slash + 1).getBytes(UTF_8).length <= NAME_BYTES) {
                return slash + 1;
            }
        }
        throw new IOException(name + ": its last part is too long (expected: at most 100 bytes)");
    }

    private static void text(byte[] header, int offset, int length, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length > length) {
            throw new IOException(text + ": too long (expected: at most " + length + " bytes)");
        }
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }

    private static void octal(byte[] header, int offset, int digits, long value) throws IOException {
        text(header, offset, digits, String.format("%0" + digits + "o", value));
    }
}
