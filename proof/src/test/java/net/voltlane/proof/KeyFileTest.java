package net.voltlane.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyFileTest {

    private static final String DIGITS = "2319daa3badc14e155b2a8cf72fbc9ce98284d85c6a7dd97c5be0fe53ab8556f";
    private static final String ORDER = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("connserver.key");
    }

    @Test
    void aKeyIsMadeOnceAndThenLoaded() throws Exception {
        KeyPair made = KeyFile.loadOrCreate(file, random);
        KeyPair loaded = KeyFile.loadOrCreate(file, random);

        assertThat(loaded.secret()).isEqualTo(made.secret());
        assertThat(Files.readString(file)).isEqualTo(HexFormat.of().formatHex(made.secret()) + "\n");
        assertThat(filesIn(folder)).as("no draft is left behind").containsExactly(file);
    }

    @Test
    void aNewFileIsForItsOwnerOnly() throws Exception {
        assumeTrue(knowsRights(folder), "a file system with POSIX rights");
        KeyFile.loadOrCreate(file, random);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(KeyFile.readableByOthers(file)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-r--r--"})
    void aFileThatOthersCanReadIsLoadedAndTold(String rights) throws Exception {
        assumeTrue(knowsRights(folder), "a file system with POSIX rights");
        Files.writeString(file, DIGITS);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));

        assertThat(KeyFile.loadOrCreate(file, random).secret())
                .isEqualTo(HexFormat.of().parseHex(DIGITS));
        assertThat(KeyFile.readableByOthers(file)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "%s\n", "%s\r\n", " \t%s \n\n", "\n%s"})
    void blanksAroundTheDigitsDoNotMatter(String form) throws Exception {
        Files.writeString(file, form.formatted(DIGITS));

        assertThat(KeyFile.loadOrCreate(file, random).secret())
                .isEqualTo(HexFormat.of().parseHex(DIGITS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "2319daa3badc14e155b2a8cf72fbc9ce98284d85c6a7dd97c5be0fe53ab8556", // 63 digits
                "2319daa3badc14e155b2a8cf72fbc9ce98284d85c6a7dd97c5be0fe53ab855", // 31 bytes
                "2319daa3badc14e155b2a8cf72fbc9ce98284d85c6a7dd97c5be0fe53ab8556f00", // 33 bytes
                "2319daa3badc14e155b2a8cf72fbc9ce 98284d85c6a7dd97c5be0fe53ab8556f",
                "2319daa3badc14e155b2a8cf72fbc9ce98284d85c6a7dd97c5be0fe53ab8556f\n2319daa3",
                "zz19daa3badc14e155b2a8cf72fbc9ce98284d85c6a7dd97c5be0fe53ab8556f",
                "0000000000000000000000000000000000000000000000000000000000000000",
                ORDER,
                "-----BEGIN EC PRIVATE KEY-----",
            })
    void otherContentIsAnErrorThatHelpsAndGivesNothingAway(String content) throws Exception {
        Files.writeString(file, content);

        IOException refusal = catchThrowableOfType(IOException.class, () -> KeyFile.loadOrCreate(file, random));

        assertThat(refusal).isNotInstanceOf(KeyNotSavedException.class);
        assertThat(refusal)
                .hasMessageStartingWith(file + ": not a key (expected: one line of 64 hex digits)")
                .hasMessageContaining("move it away");
        assertThat(stackTrace(refusal)).doesNotContain("2319daa3", "zz19", "BEGIN", ORDER.substring(32));
        assertThat(Files.readString(file)).as("it stays as it was").isEqualTo(content);
    }

    @Test
    void aHugeFileIsRefusedWithoutBeingReadWhole() throws Exception {
        Files.writeString(file, " ".repeat(1 << 20) + DIGITS);

        assertThat(catchThrowableOfType(IOException.class, () -> KeyFile.loadOrCreate(file, random)))
                .hasMessageContaining("not a key");
    }

    @Test
    void aFolderInPlaceOfTheFileIsAnError() throws Exception {
        Files.createDirectory(file);

        assertThat(catchThrowableOfType(IOException.class, () -> KeyFile.loadOrCreate(file, random)))
                .isNotInstanceOf(KeyNotSavedException.class)
                .hasMessageStartingWith(file + ": can't be read: ");
    }

    @Test
    void aFolderThatIsMissingIsToldApartFromABadFile() {
        Path nowhere = folder.resolve("missing").resolve("connserver.key");

        assertThat(catchThrowableOfType(KeyNotSavedException.class, () -> KeyFile.loadOrCreate(nowhere, random)))
                .hasMessage(nowhere + ": no key file is there and none can be made: no such folder");
    }

    @Test
    void aFolderThatCanNotBeWrittenIsToldApartFromABadFile() throws Exception {
        assumeTrue(knowsRights(folder), "a file system with POSIX rights");
        Path locked = Files.createDirectory(folder.resolve("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-x------"));
        assumeTrue(!Files.isWritable(locked), "a user whom rights can stop, not root");
        Path inside = locked.resolve("connserver.key");

        assertThat(catchThrowableOfType(KeyNotSavedException.class, () -> KeyFile.loadOrCreate(inside, random)))
                .hasMessageEndingWith("access denied");
    }

    /** Holds for root as well, whom no rights can stop: an entry of /proc can't be made. */
    @Test
    void aFileSystemThatTakesNoFilesIsToldApartFromABadFile() {
        Path proc = Path.of("/proc/self");
        assumeTrue(Files.isDirectory(proc), "Linux");

        assertThat(catchThrowableOfType(
                        KeyNotSavedException.class, () -> KeyFile.loadOrCreate(proc.resolve("voltlane.key"), random)))
                .isNotNull();
    }

    @Test
    void serversThatStartAtOnceEndUpWithTheSameKey() throws Exception {
        int servers = 8;
        ExecutorService executor = Executors.newFixedThreadPool(servers);
        try {
            for (int round = 0; round < 20; round++) {
                Path contested = folder.resolve("round-" + round + ".key");
                CyclicBarrier start = new CyclicBarrier(servers);
                List<Future<KeyPair>> pairs = new ArrayList<>();
                for (int i = 0; i < servers; i++) {
                    pairs.add(executor.submit(() -> {
                        start.await(10, TimeUnit.SECONDS);
                        return KeyFile.loadOrCreate(contested, new SecureRandom());
                    }));
                }
                String inFile = null;
                for (Future<KeyPair> pair : pairs) {
                    String secret = HexFormat.of()
                            .formatHex(pair.get(20, TimeUnit.SECONDS).secret());
                    inFile = Files.readString(contested).strip();
                    assertThat(secret).isEqualTo(inFile);
                }
                assertThat(inFile).isNotNull();
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(filesIn(folder)).hasSize(20);
    }

    /** An archive as a file system: it has neither hard links nor, unless asked for, rights. */
    @Test
    void aFileSystemWithoutLinksAndRightsIsFineToo() throws Exception {
        URI archive = URI.create("jar:" + folder.resolve("archive.zip").toUri());
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path inside = zip.getPath("/connserver.key");
            KeyPair made = KeyFile.loadOrCreate(inside, random);

            assertThat(KeyFile.loadOrCreate(inside, random).secret()).isEqualTo(made.secret());
            assertThat(KeyFile.readableByOthers(inside)).isFalse();
            assertThat(filesIn(zip.getPath("/"))).containsExactly(inside);
        }
    }

    @Test
    void aFileNameAloneMeansTheWorkingFolder() throws Exception {
        Path bare = Path.of("bare-" + random.nextLong() + ".key");
        try {
            KeyPair made = KeyFile.loadOrCreate(bare, random);
            assertThat(KeyFile.loadOrCreate(bare.toAbsolutePath(), random).secret())
                    .isEqualTo(made.secret());
        } finally {
            Files.deleteIfExists(bare);
        }
    }

    private static boolean knowsRights(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                && Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static String stackTrace(Throwable e) {
        StringWriter out = new StringWriter();
        e.printStackTrace(new PrintWriter(out));
        return out.toString();
    }
}
