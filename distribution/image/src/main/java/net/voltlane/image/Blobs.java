package net.voltlane.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The store of content in a folder of its own, each file under its hash. */
final class Blobs {
    private final Path root;

    /** @param root an existing folder, the root of a layout */
    Blobs(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    /** Stores a few bytes. */
    Blob put(byte[] content) throws IOException {
        return put(out -> out.write(content));
    }

    /** Stores what the writer writes. The writer must not close the stream. */
    Blob put(Writer writer) throws IOException {
        Path written = Files.createTempFile(root, "blob", null);
        Blob blob;
        try (HashingStream out = new HashingStream(Files.newOutputStream(written))) {
            writer.writeTo(out);
            blob = new Blob(out.digest(), out.size());
        }
        Path place = root.resolve(blob.path());
        Files.createDirectories(root.resolve("blobs/sha256"));
        Files.move(written, place, StandardCopyOption.REPLACE_EXISTING);
        return blob;
    }

    /** The content of a blob, piece by piece. */
    interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }
}
