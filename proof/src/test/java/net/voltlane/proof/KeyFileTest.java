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
import org.junit.jupiter.params.provider.CsvSource;
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
    }

    @ParameterizedTest
    @CsvSource({
        "rw-r-----, others may read it",
        "rw----r--, others may read it",
        "rw-r--r--, others may read it",
        "rw--w--w-, others may write it",
        "rw-----w-, others may write it",
        "rw--w----, others may write it",
        "rw-rw-r--, others may write it",
    })
    void aFileThatOthersCanReadOrWriteIsRefusedWithTheRemedy(String rights, String problem) throws Exception {
        assumeTrue(knowsRights(folder), "a file system with POSIX rights");
        keyFile(DIGITS);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));

        assertThat(catchThrowableOfType(IOException.class, () -> KeyFile.loadOrCreate(file, random)))
                .isNotInstanceOf(KeyNotSavedException.class)
                .hasMessageStartingWith(file + ": " + problem + " (" + rights + ")")
                .hasMessageEndingWith("chmod 600 " + file);
    }

    @Test
    void aLinkToAFileThatOthersCanReadIsRefusedAsWell() throws Exception {
        assumeTrue(knowsRights(folder), "a file system with POSIX rights");
        Path secret = folder.resolve("elsewhere");
        Files.writeString(secret, DIGITS);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        Files.createSymbolicLink(file, secret);

        assertThat(catchThrowableOfType(IOException.class, () -> KeyFile.loadOrCreate(file, random)))
                .hasMessageContaining("others may read it");
    }

    @Test
    void aFileOfAnotherUserIsRefusedWithTheRemedy() throws Exception {
        assumeTrue(knowsRights(folder), "a file system with POSIX rights");
        keyFile(DIGITS);
        try {
            Files.setAttribute(file, "unix:uid", 12345);
        } catch (IOException e) {
            assumeTrue(false, "root, who may give files away");
        }

        assertThat(catchThrowableOfType(IOException.class, () -> KeyFile.loadOrCreate(file, random)))
                .hasMessageStartingWith(file + ": belongs to another user (uid 12345, expected: 0)")
                .hasMessageEndingWith("chown 0 " + file);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "1000, 1000, rw-------, -",
                "1000, 1000, r--------, -",
                "1000, 1000, rwx--x--x, -",
                "1000, 1001, rw-------, belongs to another user (uid 1000",
                "1000, 0, rw-------, belongs to another user (uid 1000",
                "0, 1000, rw-r-----, -", // the usual form of a mounted secret
                "0, 1000, r--r-----, -",
                "0, 1000, rw-r--r--, others may read it",
                "0, 1000, rw-rw----, others may write it",
                "0, 0, rw-r-----, others may read it",
                "1000, -1, rw-------, -", // a system that does not tell this process's user id
            })
    void aKeyIsItsOwnersAloneOrRootsForAGroup(int owner, int self, String rights, String problem) {
        String found = SecretFileTrust.problem(
                new SecretFile(file, "key", "pose as this server"),
                owner,
                self,
                PosixFilePermissions.fromString(rights));
        if (problem == null) {
            assertThat(found).isNull();
        } else {
            assertThat(found).contains(problem);
        }
    }

    @Test
    void aLinkThatLeadsToNoFileYetIsKeptAndTheFileMadeWhereItLeads() throws Exception {
        Path volume = Files.createDirectory(folder.resolve("volume"));
        Files.createSymbolicLink(folder.resolve("between"), Path.of("volume", "key"));
        Files.createSymbolicLink(file, Path.of("between"));

        KeyPair made = KeyFile.loadOrCreate(file, random);

        assertThat(file).isSymbolicLink();
        assertThat(filesIn(volume)).containsExactly(volume.resolve("key"));
        assertThat(KeyFile.loadOrCreate(file, random).secret()).isEqualTo(made.secret());
    }

    /** A throw-away key would be wrong, as the operator has said where the key is. */
    @Test
    void aLinkIntoAFolderThatIsNotThereIsAnErrorThatSaysSo() throws Exception {
        Path target = folder.resolve("not mounted").resolve("key");
        Files.createSymbolicLink(file, target);

        assertThat(catchThrowableOfType(IOException.class, () -> KeyFile.loadOrCreate(file, random)))
                .isNotInstanceOf(KeyNotSavedException.class)
                .hasMessageStartingWith(file + ": is a link to " + target)
                .hasMessageEndingWith("no such folder");
        assertThat(catchThrowableOfType(IOException.class, () -> KeyFile.checkCreatable(file)))
                .isNotInstanceOf(KeyNotSavedException.class)
                .hasMessageStartingWith(file + ": is a link to " + target);
    }

    @Test
    void linksInACircleAreAnError() throws Exception {
        Files.createSymbolicLink(file, Path.of("other"));
        Files.createSymbolicLink(folder.resolve("other"), file.getFileName());

        assertThat(catchThrowableOfType(IOException.class, () -> KeyFile.loadOrCreate(file, random)))
                .isNotInstanceOf(KeyNotSavedException.class)
                .hasMessageStartingWith(file + ": ");
    }

    @Test
    void lookingForAKeyWritesNothing() throws Exception {
        assertThat(KeyFile.load(file)).isNull();
        KeyFile.checkCreatable(file);
        assertThat(filesIn(folder)).isEmpty();

        Path nowhere = folder.resolve("missing").resolve("connserver.key");
        assertThat(KeyFile.load(nowhere)).isNull();
        assertThat(catchThrowableOfType(KeyNotSavedException.class, () -> KeyFile.checkCreatable(nowhere)))
                .hasMessage(nowhere + ": no key file is there and none can be made: no such folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "%s\n", "%s\r\n", " \t%s \n\n", "\n%s"})
    void blanksAroundTheDigitsDoNotMatter(String form) throws Exception {
        keyFile(form.formatted(DIGITS));

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

    /** Uses /proc, where even root, which ignores permissions, can't create a file. */
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

    /** Opens an archive as a file system, which has no hard links, and has permissions only if asked for. */
    @Test
    void aFileSystemWithoutLinksAndRightsIsFineToo() throws Exception {
        URI archive = URI.create("jar:" + folder.resolve("archive.zip").toUri());
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path inside = zip.getPath("/connserver.key");
            KeyPair made = KeyFile.loadOrCreate(inside, random);

            assertThat(KeyFile.loadOrCreate(inside, random).secret()).isEqualTo(made.secret());
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

    private void keyFile(String content) throws IOException {
        Files.writeString(file, content);
        if (knowsRights(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
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
