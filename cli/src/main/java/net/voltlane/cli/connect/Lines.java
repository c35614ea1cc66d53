package net.voltlane.cli.connect;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Cuts input into lines of bytes; nothing is decoded, so that nothing is changed. */
final class Lines {

    private final InputStream in;
    private final int maxBytes;

    Lines(InputStream in, int maxBytes) {
        this.in = new BufferedInputStream(in);
        this.maxBytes = maxBytes;
    }

    /**
     * The next line without its end; null after the last. One that the end of input cuts short is a line, too.
     *
     * @throws IOException if it can't be read, or is longer than allowed
     */
    byte @Nullable [] next() throws IOException {
        int read = in.read();
        if (read < 0) {
            return null;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (read >= 0 && read != '\n') {
            if (line.size() == maxBytes) {
                throw new IOException("a line is longer than " + maxBytes + " bytes");
            }
            line.write(read);
            read = in.read();
        }
        return line.toByteArray();
    }
}
