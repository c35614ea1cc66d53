package net.voltlane.systemtest.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.voltlane.testkit.ClassArchive;
import net.voltlane.testkit.pages.Page;

/**
 * A copy of what a newcomer has once {@code ./voltlane} has built: the scripts, and what they start. The readers of all
 * pages share it, and with it one archive of classes, so that each of their commands starts faster.
 */
final class BuiltTree {
    private static final List<String> PARTS = List.of(
            "voltlane",
            "launcher",
            "cli/target/voltlane.jar",
            "cli/target/lib",
            "sdk/javascript/voltlane.js",
            "sdk/javascript/node-websocket.js");

    private final Path folder;
    private final List<String> jvmFlags;

    private BuiltTree(Path folder) {
        this.folder = folder;
        jvmFlags = new ArrayList<>(ClassArchive.flags(folder.resolve("cli/target/voltlane.jar")));
        jvmFlags.add("-XX:TieredStopAtLevel=1");
    }

    /** Copies it into a folder. It needs what {@code mvn verify} has packaged by the time it gets to these tests. */
    static BuiltTree copiedTo(Path folder) throws IOException {
        assertThat(Page.PROJECT.resolve("cli/target/lib"))
                .as("made by the phase `package`: run `mvn verify` rather than `mvn test`")
                .exists();
        for (String part : PARTS) {
            try (Stream<Path> files = Files.walk(Page.PROJECT.resolve(part))) {
                for (Path file : files.toList()) {
                    Path copy = folder.resolve(Page.PROJECT.relativize(file));
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                    copy.toFile().setExecutable(Files.isExecutable(file));
                }
            }
        }
        Files.createFile(folder.resolve("cli/target/launcher.built"));
        return new BuiltTree(folder);
    }

    /** Makes another folder look like the tree. */
    void linkInto(Path other) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.createSymbolicLink(other.resolve(file.getFileName()), file);
            }
        }
    }

    /** The flags with which the JVMs of its commands start fast. */
    List<String> jvmFlags() {
        return jvmFlags;
    }
}
