package net.voltlane.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * A folder that holds nothing but the site.
 *
 * @param folder the folder; it need not exist
 */
record Output(Path folder) {

    /** Empties the folder, and writes the files to it. The keys are their paths in the folder. */
    void replaceBy(SortedMap<String, byte[]> files) throws IOException {
        empty();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }

    private void empty() throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                List<Path> inner = all.sorted(Comparator.reverseOrder()).toList();
                for (Path path : inner) {
                    Files.delete(path);
                }
            }
        }
    }
}
