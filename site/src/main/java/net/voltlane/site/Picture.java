package net.voltlane.site;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The size of a PNG file, read from its header. */
final class Picture {
    private static final long SIGNATURE = 0x89504e470d0a1a0aL;

    private Picture() {}

    /** Returns {@code width} and {@code height} in pixels; nothing for files that are no PNG. */
    static Map<String, String> size(Path file) {
        Map<String, String> size = new LinkedHashMap<>();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            if (in.readLong() == SIGNATURE) {
                in.readLong(); // length and type of the header
                size.put("width", Integer.toString(in.readInt()));
                size.put("height", Integer.toString(in.readInt()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return size;
    }
}
