package net.voltlane.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The build of the image: {@code ImageBuild FOLDER VERSION TIME REVISION FILE}.
 *
 * <p>Each folder in {@code FOLDER} becomes a layer, in the order of their names. All files carry {@code TIME}, an instant
 * such as {@code 2026-11-23T00:00:00Z}, so the same files make the same image. {@code REVISION} names the commit, or is
 * empty.
 */
public final class ImageBuild {

    private ImageBuild() {}

    /**
     * Writes the image to {@code FILE}, and prints the size of each layer.
     *
     * @param args folder of the layers, version, time, revision, and the archive to write
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 5) {
            throw new IllegalArgumentException("expected: FOLDER VERSION TIME REVISION FILE");
        }
        Path folder = Path.of(args[0]);
        Instant time = Instant.parse(args[2]);
        Path file = Path.of(args[4]);
        Path content = folder.resolveSibling("layout");
        Files.createDirectories(content);
        Blobs blobs = new Blobs(content);
        List<Layer> layers = new ArrayList<>();
        for (Path tree : folders(folder)) {
            Layer layer = Layer.write(tree, time, blobs);
            layers.add(layer);
            System.out.printf(
                    "image: layer %s: %d kB packed%n",
                    layer.name(), layer.blob().size() / 1000);
        }
        ImageConfig config = new ImageConfig(args[1], time, args[3]);
        new Layout(blobs, config, layers).write(file);
        System.out.printf("image: %s: %d kB%n", file.getFileName(), Files.size(file) / 1000);
    }

    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isDirectory).sorted().toList();
        }
    }
}
