package net.voltlane.site;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** A small project with a README, a page in {@code docs} and a licence, to which tests add more. */
final class Project {
    private final Path folder;
    private final StringBuilder navigation = new StringBuilder("[All]\nREADME.md Home\n");

    Project(Path folder) throws IOException {
        this.folder = folder;
        write(
                "README.md",
                "# Home\n\nIt is small.\n\n## Try it\n\n## What you get\n\n## What it is not\n\n## Read on\n\n[x](none)\n");
        write("LICENSE", "Free.\n");
        Files.createDirectories(folder.resolve("docs"));
    }

    /** Writes a file. */
    Project write(String path, String text) throws IOException {
        Files.createDirectories(folder.resolve(path).getParent());
        Files.writeString(folder.resolve(path), text);
        return this;
    }

    /** Writes a page that is in the navigation. */
    Project page(String path, String markdown) throws IOException {
        navigation.append(path).append(" Page ").append(path).append('\n');
        return write(path, markdown);
    }

    /** Makes the site; returns the text of its files. */
    SortedMap<String, String> site() throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        Site.read(folder, Navigation.parse(navigation.toString()))
                .files()
                .forEach((path, bytes) -> texts.put(path, new String(bytes, UTF_8)));
        return texts;
    }
}
