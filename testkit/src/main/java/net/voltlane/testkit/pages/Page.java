package net.voltlane.testkit.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the project, in Markdown: its text, and the fenced blocks in it.
 *
 * @param path the file, relative to the project's folder
 * @param lines its lines
 * @param blocks its fenced blocks, in order
 */
public record Page(Path path, List<String> lines, List<Block> blocks) {
    private static final Pattern FENCE = Pattern.compile("(\\s*)```(\\S*)\\s*");
    private static final Pattern MARK = Pattern.compile("\\s*<!-- (.*) -->");

    /** The folder of the project; tests run in the folder of their module. */
    public static final Path PROJECT = project();

    /** Copies the lists. */
    public Page {
        lines = List.copyOf(lines);
        blocks = List.copyOf(blocks);
    }

    /** Every page that a reader of the project may open, sorted by path. */
    public static List<Page> all() {
        try (Stream<Path> files = Files.walk(PROJECT, 3)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .map(PROJECT::relativize)
                    .filter(file -> !file.startsWith(".git") && !file.toString().contains("target"))
                    .sorted()
                    .map(file -> read(file.toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads one page.
     *
     * @param path relative to the project's folder, such as {@code docs/CLIENT.md}
     */
    public static Page read(String path) {
        try {
            List<String> lines = Files.readAllLines(PROJECT.resolve(path));
            return new Page(Path.of(path), lines, blocks(Path.of(path), lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its blocks of one language, in order. */
    public List<Block> blocks(String language) {
        return blocks.stream()
                .filter(block -> block.language().equals(language))
                .toList();
    }

    /** Its whole text. */
    public String text() {
        return String.join("\n", lines) + "\n";
    }

    static List<Block> blocks(Path path, List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        int next = 0;
        while (next < lines.size()) {
            int begin = next++;
            Matcher opening = FENCE.matcher(lines.get(begin));
            if (opening.matches()) {
                int end = next;
                while (!lines.get(end).strip().equals("```")) {
                    end++;
                }
                int indentation = opening.group(1).length();
                List<String> inside = lines.subList(next, end).stream()
                        .map(line -> line.isBlank() ? "" : line.substring(indentation))
                        .toList();
                Matcher mark = MARK.matcher(begin == 0 ? "" : lines.get(begin - 1));
                blocks.add(new Block(path, begin + 1, opening.group(2), mark.matches() ? mark.group(1) : "", inside));
                next = end + 1;
            }
        }
        return blocks;
    }

    private static Path project() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("voltlane")) || !Files.exists(folder.resolve("docs"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException(
                        "not in a folder of the project: " + Path.of("").toAbsolutePath());
            }
        }
        return folder;
    }
}
