package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 3: the server's key outlives the server, in a file that only its owner can read. */
class ServerKeyTest {
    private static final String FILE = "connserver.key";

    @Test
    void theKeyStaysTheSameOverARestart() throws IOException {
        try (World world = World.setup().start()) {
            byte[] before = world.open().identity().serverKey();
            byte[] file = Files.readAllBytes(world.folder().resolve(FILE));
            world.restart();
            assertThat(world.open().identity().serverKey()).isEqualTo(before);
            assertThat(world.folder().resolve(FILE)).hasBinaryContent(file);
        }
    }

    @Test
    void onlyTheOwnerCanReadTheFile() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        try (World world = World.setup().start()) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(world.folder().resolve(FILE))))
                    .isEqualTo("rw-------");
            assertThat(world.server().errorLines()).noneMatch(line -> line.contains("WARN"));
        }
    }

    @Test
    void everyServerHasAKeyOfItsOwn() {
        try (World one = World.setup().start();
                World other = World.setup().start()) {
            assertThat(one.open().identity().serverKey())
                    .isNotEqualTo(other.open().identity().serverKey());
        }
    }

    @Test
    void anEmptyNameMeansAKeyInMemoryOnly() throws IOException {
        try (World world = World.setup().with("listener.key_file", "").start()) {
            byte[] before = world.open().identity().serverKey();
            try (Stream<Path> files = Files.list(world.folder())) {
                assertThat(files).noneMatch(file -> file.toString().endsWith(".key"));
            }
            world.restart();
            assertThat(world.open().identity().serverKey()).isNotEqualTo(before);
        }
    }

    @Test
    void aFolderThatCantBeWrittenMeansAWarningAndAKeyInMemory() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")));
        try (World world =
                World.setup().with("listener.key_file", "/proc/voltlane.key").start()) {
            world.open();
            world.server()
                    .awaitErrorLine(
                            line -> line.contains("WARN") && line.contains("/proc/voltlane.key"),
                            Duration.ofSeconds(2));
            world.serveHonestClients();
        }
    }

    @Test
    void aFileThatOthersCanReadIsWarnedAbout() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        try (World world = World.setup().start()) {
            Files.setPosixFilePermissions(world.folder().resolve(FILE), PosixFilePermissions.fromString("rw-r--r--"));
            world.restart();
            world.server().awaitErrorLine(line -> line.contains("WARN") && line.contains(FILE), Duration.ofSeconds(2));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no key of mine",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void aFileThatHoldsNoKeyIsAnErrorThatDoesNotRepeatIt(String content) throws IOException {
        Path folder = World.newFolder();
        try {
            Files.writeString(folder.resolve(FILE), content);
            try (ServerProcess server =
                    ServerProcess.in(folder).arguments("serve").start()) {
                assertThat(server.awaitExit(World.START_LIMIT)).isIn(1, 78);
                assertThat(server.errorLines().stream().filter(line -> line.contains(FILE)))
                        .hasSize(1);
                if (!content.isEmpty()) {
                    assertThat(server.report()).doesNotContain(content);
                }
                assertThat(server.shamefulLines()).isEmpty();
                assertThat(folder.resolve(FILE)).hasContent(content);
            }
        } finally {
            World.deleteFolder(folder);
        }
    }
}
