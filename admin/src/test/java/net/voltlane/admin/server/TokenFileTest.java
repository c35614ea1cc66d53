package net.voltlane.admin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import net.voltlane.server.config.Admin;
import net.voltlane.server.config.ServerConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {
    private static final String OWN = "a-token-of-the-operators-own-0123456789";

    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
        file = folder.resolve("admin.token");
    }

    private Admin settings() {
        return ServerConfig.defaults().admin().withTokenFile(file.toString());
    }

    private void write(String text, String rights) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }

    @Test
    void aTokenIsMadeOnceForItsOwnerOnly() throws Exception {
        assertThat(TokenFile.load(settings(), random)).isNotNull();

        String token = Files.readString(file);
        assertThat(token).matches("[A-Za-z0-9_-]{43}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(TokenFile.load(settings(), random)).isNotNull();
        assertThat(file).hasContent(token);
    }

    @Test
    void anOperatorMayWriteTheToken() throws Exception {
        write("  " + OWN + "\n\n", "rw-------");

        assertThat(TokenFile.load(settings(), random)).isNotNull();
        assertThat(TokenFile.check(settings())).isEqualTo("admin.token_file: " + file + " holds a token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "a token with spaces of at least thirty two characters",
                "two-lines-of-text-with-enough-characters\nsecond",
                "umlauts-\u00e4\u00f6\u00fc-and-thirty-two-characters",
            })
    void aFileWithoutATokenIsRefusedAndNotQuoted(String text) throws Exception {
        write(text, "rw-------");

        assertThatThrownBy(() -> TokenFile.load(settings(), random))
                .isInstanceOfSatisfying(
                        AdminStartException.class,
                        e -> assertThat(e.isConfiguration()).isTrue())
                .hasMessageStartingWith("admin.token_file: " + file + ": not a token (expected: one line of 32 to 256")
                .satisfies(e -> assertThat(text.isEmpty()
                                || !String.valueOf(e.getMessage()).contains(text))
                        .isTrue());
        assertThatThrownBy(() -> TokenFile.check(settings())).isInstanceOf(AdminStartException.class);
        assertThat(file).hasContent(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-rw----", "rw----r--", "rw-----w-"})
    void aFileThatOthersCanReadOrWriteIsRefusedWithTheRemedy(String rights) throws Exception {
        write(OWN, rights);

        assertThatThrownBy(() -> TokenFile.load(settings(), random))
                .isInstanceOf(AdminStartException.class)
                .hasMessageContaining("others may ")
                .hasMessageEndingWith("chmod 600 " + file)
                .hasMessageNotContaining(OWN);
    }

    @Test
    void aLinkToATokenThatOthersCanReadIsRefused() throws Exception {
        Path target = folder.resolve("elsewhere");
        Files.writeString(target, OWN);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r--r--"));
        Files.createSymbolicLink(file, target);

        assertThatThrownBy(() -> TokenFile.load(settings(), random)).hasMessageContaining("others may read it");
    }

    @Test
    void aFileThatWasAskedForAndCanNotBeMadeIsAnError() {
        file = folder.resolve("missing").resolve("admin.token");

        assertThatThrownBy(() -> TokenFile.load(settings(), random))
                .isInstanceOfSatisfying(
                        AdminStartException.class,
                        e -> assertThat(e.isConfiguration()).isTrue())
                .hasMessageContaining("no token file is there and none can be made: no such folder");
        assertThatThrownBy(() -> TokenFile.check(settings())).isInstanceOf(AdminStartException.class);
    }

    @Test
    void withoutAFileThereIsNoToken() throws Exception {
        Admin none = ServerConfig.defaults().admin().withTokenFile("");

        assertThat(TokenFile.load(none, random)).isNull();
        assertThat(TokenFile.check(none)).contains("nothing can be changed");
        assertThat(TokenFile.check(none.withAddress(Optional.empty()))).contains("there is no admin server");
    }

    @Test
    void aCheckWritesNothing() throws Exception {
        assertThat(TokenFile.check(settings())).endsWith("is not there: the next start makes a new token");
        assertThat(file).doesNotExist();
    }
}
