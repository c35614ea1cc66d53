package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A folder with the files of one input; those of the last one are gone. */
final class ConfigDirectory {
    /** A folder of this process: two classes of tests, each in a process, use one at the same time. */
    private static final Path FOLDER =
            Path.of("target", "configuration-" + ProcessHandle.current().pid());
    /** The longest tell all keys that there are. */
    private static final int MAX_LINE_CHARS = 1_500;

    ConfigDirectory() throws IOException {
        Files.createDirectories(FOLDER);
        Files.deleteIfExists(FOLDER.resolve(ConfigLoader.DEFAULT_FILE));
        Files.deleteIfExists(FOLDER.resolve(".env"));
    }

    void write(String name, byte[] content) throws IOException {
        Files.write(FOLDER.resolve(name), content);
    }

    /** Null where the operator is told why not, line by line. */
    @Nullable
    LoadedConfig load() {
        try {
            LoadedConfig loaded = ConfigLoader.load(new ConfigRequest(FOLDER, null, Map.of(), null, null, false));
            areReadable(loaded.notes());
            areReadable(loaded.warnings());
            return loaded;
        } catch (ConfigException e) {
            assertThat(e.lines()).isNotEmpty();
            areReadable(e.lines());
            assertThat(e.getStackTrace()).isEmpty();
            return null;
        }
    }

    private static void areReadable(List<String> lines) {
        assertThat(lines).allSatisfy(line -> {
            assertThat(line).isNotBlank().hasSizeLessThan(MAX_LINE_CHARS).doesNotContain("Exception", "java.");
            assertThat(line.codePoints()).as(line).noneMatch(unreadable());
        });
    }

    private static Predicate<Integer> unreadable() {
        return c -> switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
