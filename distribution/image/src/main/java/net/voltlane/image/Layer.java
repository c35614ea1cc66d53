package net.voltlane.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * A layer of the image: a compressed archive of files.
 *
 * @param name of the folder that it was made from
 * @param blob the compressed archive
 * @param diffId the hash of the archive before compression
 */
record Layer(String name, Blob blob, String diffId) {

    /** Packs a folder, with the owners and permissions of {@link Rights}. */
    static Layer write(Path tree, Instant time, Blobs blobs) throws IOException {
        String[] diffId = new String[1];
        Blob blob = blobs.put(out -> {
            BestCompression compressed = new BestCompression(out);
            HashingStream plain = new HashingStream(compressed);
            TarWriter tar = new TarWriter(plain, time);
            for (Path path : paths(tree)) {
                add(tar, tree, path);
            }
            tar.finish();
            compressed.finish();
            diffId[0] = plain.digest();
        });
        return new Layer(String.valueOf(tree.getFileName()), blob, diffId[0]);
    }

    private static void add(TarWriter tar, Path tree, Path path) throws IOException {
        String name = tree.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
            tar.link(name, Files.readSymbolicLink(path).toString());
        } else if (Files.isDirectory(path)) {
            tar.folder(name, Rights.ofFolder(name));
        } else {
            tar.file(name, Rights.ofFile(Files.isExecutable(path)), path);
        }
    }

    /** Everything in a folder, parents first, in an order that depends on neither file system nor locale. */
    private static List<Path> paths(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            return all.filter(path -> !path.equals(tree))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        }
    }

    /** gzip at its slowest, with neither a name nor a time in its header. */
    private static final class BestCompression extends GZIPOutputStream {
        BestCompression(OutputStream out) throws IOException {
            super(out, 1 << 16);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
