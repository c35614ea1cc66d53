package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import net.voltlane.proof.PublicKeys;
import net.voltlane.testkit.ScriptedMaster;
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

    /** Only the default place may fail: who has named one counts on it. */
    @Test
    void aNamedPlaceWhereNoKeyCanBeKeptIsAConfigurationError() {
        Path folder = World.newFolder();
        try (ServerProcess server = ServerProcess.in(folder)
                .arguments("serve")
                .env("VOLTLANE_LISTENER_KEY_FILE", "/nonexistent/folder/voltlane.key")
                .start()) {
            assertThat(server.awaitExit(World.RUN_LIMIT)).isEqualTo(78);
            assertThat(server.errorLines())
                    .anyMatch(line -> line.contains("ERROR") && line.contains("/nonexistent/folder/voltlane.key"));
        } finally {
            World.deleteFolder(folder);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw--w--w-"})
    void aFileThatOthersCanReadOrWriteIsRefusedWithTheRemedy(String rights) throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Path folder = World.newFolder();
        try {
            Path key = folder.resolve(FILE);
            Files.writeString(key, "0".repeat(63) + "1\n");
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(rights));
            try (ServerProcess server =
                    ServerProcess.in(folder).arguments("serve").start()) {
                assertThat(server.awaitExit(World.RUN_LIMIT)).isEqualTo(78);
                assertThat(server.errorLines()).anyMatch(line -> line.contains("chmod 600 " + FILE));
                assertThat(server.shamefulLines()).isEmpty();
            }
        } finally {
            World.deleteFolder(folder);
        }
    }

    @Test
    void aNewKeyIsAnnouncedWithItsFingerprintAndAnOldOneIsNot() {
        try (World world = World.setup().start()) {
            String fingerprint = PublicKeys.fingerprint(world.open().identity().serverKey());
            assertThat(world.server().errorLines())
                    .anyMatch(line -> line.contains("a new key was made, " + fingerprint));
            world.restart();
            assertThat(world.server().errorLines()).noneMatch(line -> line.contains("a new key was made"));
        }
    }

    @Test
    void oneConfigurationMeansOneKeyWhereverTheServerIsStarted() throws IOException {
        Path folder = World.newFolder();
        try (ScriptedMaster master = ScriptedMaster.listen()) {
            Files.writeString(
                    folder.resolve("c.toml"), "[master]\naddress = \"" + Settings.text(master.address()) + "\"\n");
            for (String from : List.of("a", "b")) {
                Path working = Files.createDirectory(folder.resolve(from));
                try (ServerProcess server = ServerProcess.in(working)
                        .arguments("serve", "-c", "../c.toml", "--listen", "127.0.0.1:0")
                        .start()) {
                    server.awaitErrorLine(line -> line.contains("clients are accepted"), World.START_LIMIT);
                    assertThat(server.errorLines().stream().filter(line -> line.contains("a new key was made")))
                            .hasSize(from.equals("a") ? 1 : 0);
                }
                assertThat(working).isEmptyDirectory();
            }
            assertThat(folder.resolve(FILE)).exists();
        } finally {
            World.deleteFolder(folder);
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
                assertThat(server.awaitExit(World.RUN_LIMIT)).isEqualTo(78);
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
