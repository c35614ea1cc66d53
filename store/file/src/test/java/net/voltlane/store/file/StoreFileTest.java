package net.voltlane.store.file;

import static net.voltlane.store.file.TestStore.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.voltlane.server.store.StoreException;
import net.voltlane.server.store.StoreSettings;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the files that the store takes, and of what it says of others. */
class StoreFileTest {
    @TempDir
    Path folder;

    @Test
    void aNewFileIsForItsOwnerOnly() throws Exception {
        TestStore.open(path()).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(path());
        }
    }

    @Test
    void anEmptyFileIsTakenForANewOne() throws Exception {
        Files.createFile(path());
        try (TestStore test = TestStore.open(path())) {
            assertThat(test.put(record(1))).isEmpty();
        }
    }

    @Test
    void aFolderThatIsMissingIsNotMade() {
        Path path = folder.resolve("none/sessions");
        refused(path, "a file in a folder that is there");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void aFolderIsNoFile() {
        refused(folder, "a file");
    }

    @Test
    void aFileOfSomebodyElseStaysAsItIs() throws Exception {
        for (int length : new int[] {1, 100, 4_096, 20_000}) {
            byte[] bytes = new byte[length];
            new Random(length).nextBytes(bytes);
            bytes[0] = 'X';
            staysRefused(bytes, "a file that Voltlane has made, or none; this is another one, and stays as it is");
        }
    }

    @Test
    void anotherProgramsFileOfH2StaysAsItIs() throws Exception {
        Path other = folder.resolve("other");
        try (MVStore store = MVStore.open(other.toString())) {
            store.openMap("table").put("key", "value");
        }
        staysRefused(
                Files.readAllBytes(other),
                "a file that Voltlane has made, or none; this is another one, and stays as it is");
    }

    @Test
    void aFileOfAnotherFormatStaysAsItIs() throws Exception {
        Path other = folder.resolve("other");
        try (MVStore store = MVStore.open(other.toString())) {
            store.openMap("voltlane").put("format", "2");
        }
        staysRefused(
                Files.readAllBytes(other),
                "a file of format 1; this one has format 2, of another version of Voltlane: move it away, and a new one is"
                        + " made; sessions that it holds are then lost");
    }

    @Test
    void aFileOfAServerWithAnotherKeyStaysAsItIs() throws Exception {
        try (TestStore test = TestStore.open(path())) {
            test.put(record(1));
        }
        byte[] bytes = Files.readAllBytes(path());
        assertThatThrownBy(() -> TestStore.open(path(), "SHA256:other"))
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "store.path: " + path() + " (expected: a file of a server with the key SHA256:other; this one"
                                + " is of a server with the key " + TestStore.KEY
                                + ": give the server that key, or move it away,"
                                + " and a new one is made; sessions that it holds are then lost)");
        assertThat(Files.readAllBytes(path())).isEqualTo(bytes);
        try (TestStore test = TestStore.open(path())) {
            assertThat(test.find(1)).isNotNull();
        }
    }

    @Test
    void aFileWithoutAKeyGetsTheFirstOne() throws Exception {
        try (MVStore store = MVStore.open(path().toString())) {
            store.openMap("voltlane").put("format", "1");
        }
        TestStore.open(path()).close();
        assertThatThrownBy(() -> TestStore.open(path(), "SHA256:other")).hasMessageContaining(TestStore.KEY);
        TestStore.open(path()).close();
    }

    @Test
    void aDamagedFileIsRefusedAndStaysAsItIs() throws Exception {
        try (TestStore test = TestStore.open(path())) {
            for (long id = 1; id <= 2_000; id++) {
                test.store.put(List.of(record(id, 1, TestStore.OWNER, 500)));
            }
        }
        byte[] whole = Files.readAllBytes(path());
        byte[] noContent = whole.clone();
        Arrays.fill(noContent, 8_192, whole.length, (byte) 0);
        assertThatThrownBy(() -> open(noContent)).hasMessageContaining("a file that is whole; this one is damaged, ");
        byte[] short1 = Arrays.copyOf(whole, 8_192);
        assertThatThrownBy(() -> open(short1)).hasMessageContaining("a file that is whole; this one is damaged, ");
        byte[] oneBit = whole.clone();
        oneBit[whole.length / 2] ^= 1;
        assertThatThrownBy(() -> open(oneBit))
                .hasMessageContaining("a file that is whole; this one is damaged, ")
                .hasMessageContaining(": move it away, and a new one is made; sessions that it holds are then lost)");
        assertThat(Files.readAllBytes(path())).isEqualTo(oneBit);
        Files.write(path(), whole);
        try (TestStore test = TestStore.open(path())) {
            assertThat(test.store.facts().records()).isEqualTo(2_000);
        }
    }

    /** H2 reserves memory for a text before it reads it, so a length that is garbage asks for more than there is. */
    @Test
    void aLengthThatIsGarbageIsDamageLikeAnyOther() throws Exception {
        try (TestStore test = TestStore.open(path())) {
            test.put(record(1), record(2), record(3));
        }
        byte[] whole = Files.readAllBytes(path());
        byte[] garbage = {-1, -1, -1, -1, 7}; // 2^31 - 1, as H2 writes numbers
        int refused = 0;
        for (int at = 8_192; at + garbage.length < whole.length; at += 7) {
            byte[] torn = whole.clone();
            System.arraycopy(garbage, 0, torn, at, garbage.length);
            Files.write(path(), torn);
            try {
                TestStore.open(path()).close();
            } catch (StoreException e) {
                assertThat(e).as("at %d", at).hasMessageStartingWith("store.path: ");
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void aSecondStoreInTheSameProcessIsRefusedAndTheFirstStaysLocked() throws Exception {
        try (TestStore test = TestStore.open(path())) {
            refused(path(), "a file that no other server uses");
            refused(folder.resolve(".").resolve("sessions"), "a file that no other server uses");
            new FileStoreProvider().check(new StoreSettings(path(), "", "", 1, TestStore.OWNER, TestStore.KEY));
            assertThat(Child.run("open", path())).contains("(expected: a file that no other server uses)");
            assertThat(test.put(record(1))).isEmpty();
        }
        TestStore.open(path()).close();
    }

    @Test
    void anotherProcessFindsWhatThisOneHasWritten() throws Exception {
        try (TestStore test = TestStore.open(path())) {
            test.put(record(1));
        }
        assertThat(Child.run("open", path())).contains("opened 1");
    }

    private Path path() {
        return folder.resolve("sessions");
    }

    private void open(byte[] bytes) throws Exception {
        Files.write(path(), bytes);
        TestStore.open(path()).close();
    }

    private void staysRefused(byte[] bytes, String expected) throws Exception {
        Files.write(path(), bytes);
        refused(path(), expected);
        assertThat(Files.readAllBytes(path())).isEqualTo(bytes);
    }

    private static void refused(Path path, String expected) {
        assertThatThrownBy(() -> TestStore.open(path))
                .isInstanceOf(StoreException.class)
                .hasMessage("store.path: " + path + " (expected: " + expected + ")");
    }
}
