package net.voltlane.systemtest;

import static net.voltlane.testkit.Bytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.voltlane.testkit.ScriptedClient;
import net.voltlane.testkit.ServerProcess;
import org.junit.jupiter.api.Test;

/**
 * A disk without room: for logs it costs log lines, for the key file a warning, and clients nothing. A limit on the
 * size of files ({@code prlimit}) fails every write as a full disk does, and needs no rights.
 */
class FullDiskTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String NO_LIMIT = "unlimited";

    @Test
    void logsForWhichThereIsNoRoomCostNothing() {
        assumeTrue(Files.exists(Path.of("/dev/full")), "this system has no /dev/full");
        try (World world = World.setup()
                .with("general.log_level", "Trace")
                .errorsTo(Path.of("/dev/full"))
                .start()) {
            provokeAWarning(world);
            world.serveHonestClients();
            world.closeClients();
            world.server().signal("TERM");
            assertThat(world.server().awaitExit(LIMIT.multipliedBy(2))).isZero();
        }
    }

    @Test
    void whenThereIsRoomAgainLogsGoOn() throws IOException {
        assumeTrue(runs("prlimit", "--version"), "this system has no prlimit");
        Path folder = World.newFolder();
        Path log = folder.resolve("server.log");
        try (World world = World.setup().errorsTo(log).start()) {
            limitFiles(world, Long.toString(Files.size(log)));
            provokeAWarning(world);
            world.serveHonestClients();
            long full = Files.size(log);
            provokeAWarning(world);
            world.serveHonestClients();
            assertThat(log).hasSize(full);
            limitFiles(world, NO_LIMIT);
            world.closeClients();
            world.server().signal("TERM");
            assertThat(world.server().awaitExit(LIMIT.multipliedBy(2))).isZero();
            assertThat(log).content().contains("stopped");
        } finally {
            World.deleteFolder(folder);
        }
    }

    @Test
    void aKeyForWhichThereIsNoRoomIsKeptInMemoryAndToldOnce() throws IOException {
        assumeTrue(runs("prlimit", "--version"), "this system has no prlimit");
        try (World world = World.setup()
                .with("listener.transport", "nio") // epoll's library would have to be unpacked
                .behind("prlimit", "--fsize=16")
                .start()) {
            expectAKeyInMemory(world, world.folder());
        }
    }

    /** A key that was asked for, on a real file system that is full; that needs the right to make one. */
    @Test
    void aKeyThatWasAskedForOnAFullFileSystemIsAnErrorToldOnce() throws IOException {
        String[] ownFileSystem = {
            "unshare",
            "-rm",
            "sh",
            "-c",
            "mkdir -p disk && mount -t tmpfs -o size=4k tmpfs disk && echo full > disk/filler && exec \"$@\"",
            "sh"
        };
        assumeTrue(
                runs("unshare", "-rm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"),
                "this user may not mount a file system of its own");
        Path folder = World.newFolder();
        try (ServerProcess server = ServerProcess.in(folder)
                .arguments("serve")
                .env("VOLTLANE_LISTENER_KEY_FILE", "disk/connserver.key")
                .behind(ownFileSystem)
                .start()) {
            assertThat(server.awaitExit(LIMIT.multipliedBy(2))).isEqualTo(78);
            assertThat(server.errorLines().stream().filter(line -> line.contains("listener.key_file")))
                    .singleElement()
                    .asString()
                    .contains("ERROR", "no key file is there and none can be made: No space left on device");
        } finally {
            World.deleteFolder(folder);
        }
    }

    private static void expectAKeyInMemory(World world, Path folder) throws IOException {
        world.server().awaitErrorLine(line -> line.contains("WARN") && line.contains("in memory only"), LIMIT);
        assertThat(world.server().errorLines().stream().filter(line -> line.contains("listener.key_file")))
                .hasSize(1);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("neither a key nor half of one")
                    .noneMatch(name -> name.contains("key"));
        }
        world.serveHonestClients();
    }

    /** The server has said, or tried to say, that a stranger's packet could not be read. */
    private static void provokeAWarning(World world) {
        try (ScriptedClient stranger = world.connect()) {
            stranger.write(hex("02000000 0602"));
            stranger.readUntilClosed();
        }
    }

    private static void limitFiles(World world, String bytes) {
        assertThat(runs(
                        "prlimit",
                        "--fsize=" + bytes + ":" + NO_LIMIT,
                        "--pid",
                        Long.toString(world.server().pid())))
                .isTrue();
    }

    private static boolean runs(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
