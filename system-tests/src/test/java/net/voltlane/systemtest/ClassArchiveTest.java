package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers of tests start with an archive of classes: else the tests would take minutes longer, and nobody would see why. */
class ClassArchiveTest {
    @Test
    void theClassesOfThePackagedCommandComeOutOfTheArchive(@TempDir Path folder) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        assumeTrue(classPath.contains("voltlane.jar"), "the command is not packaged");
        Path loaded = folder.resolve("loaded");
        try (ServerProcess command = ServerProcess.in(folder)
                .jvm("-Xlog:class+load:file=" + loaded)
                .arguments("--version")
                .start()) {
            assertThat(command.awaitExit(World.RUN_LIMIT)).isZero();
        }
        assertThat(Files.readAllLines(loaded))
                .anyMatch(line -> line.contains("net.voltlane.cli.Voltlane source: shared objects file"));
    }
}
