package net.voltlane.cli.ctl.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.voltlane.cli.ctl.client.TargetFinder.Named;
import net.voltlane.server.config.Address;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetFinderTest {
    private static final Named NOTHING = new Named(null, null, null);

    @TempDir
    Path directory;

    private Map<String, String> environment = Map.of();

    @Test
    void withoutAnythingItIsTheDefault() throws Exception {
        Target target = find(NOTHING);

        assertThat(target.address()).hasToString("127.0.0.1:42002");
        assertThat(target.token()).isNull();
        assertThat(target.tokenWords()).isEqualTo("admin.token: no such file or folder");
    }

    @Test
    void theFileInTheWorkingDirectoryIsRead() throws Exception {
        write("connserver.toml", "[admin]\naddress = \"192.0.2.1:5\"\ntoken_file = \"t\"\n");
        write("t", "secret\n");

        Target target = find(NOTHING);

        assertThat(target.address()).hasToString("192.0.2.1:5");
        assertThat(target.token()).isEqualTo("secret");
        assertThat(target.toString()).isEqualTo("192.0.2.1:5 (admin.address)").doesNotContain("secret");
    }

    @Test
    void aTokenLiesBesideTheFileThatIsNamed() throws Exception {
        Files.createDirectory(directory.resolve("etc"));
        write("etc/mine.toml", "[admin]\naddress = \"127.0.0.1:5\"\n");
        write("etc/admin.token", "secret");

        assertThat(find(new Named(Path.of("etc/mine.toml"), null, null)).token())
                .isEqualTo("secret");
    }

    @Test
    void theEnvironmentOverridesTheFile() throws Exception {
        write("connserver.toml", "[admin]\naddress = \"127.0.0.1:5\"\n");
        environment = Map.of("VOLTLANE_ADMIN_ADDRESS", "127.0.0.1:6");

        assertThat(find(NOTHING).address()).hasToString("127.0.0.1:6");
    }

    @Test
    void mistakesElsewhereInTheFileDoNotMatter() throws Exception {
        write("connserver.toml", "[clients]\nnonsense = 1\nchannel_capacity = 0\n[admin]\naddress = \"127.0.0.1:5\"\n");

        assertThat(find(NOTHING).address()).hasToString("127.0.0.1:5");
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0:5,127.0.0.1:5", "[::]:5,[::1]:5", "192.0.2.1:5,192.0.2.1:5"})
    void anAddressForAllInterfacesIsDialledOnLoopback(String listening, String dialled) throws Exception {
        environment = Map.of("VOLTLANE_ADMIN_ADDRESS", listening);

        assertThat(find(NOTHING).address()).hasToString(dialled);
    }

    @ParameterizedTest
    @CsvSource({"'',--address", "127.0.0.1:0,--address"})
    void aConfigurationWithoutAnAddressToDialSaysSo(String address, String hint) {
        environment = Map.of("VOLTLANE_ADMIN_ADDRESS", address);

        ApiException wrong = catchThrowableOfType(ApiException.class, () -> find(NOTHING));

        assertThat(wrong.isConfiguration()).isTrue();
        assertThat(wrong).hasMessageContaining("admin.address: ").hasMessageContaining(hint);
    }

    @Test
    void aNamedFileMustBeThere() {
        ApiException wrong =
                catchThrowableOfType(ApiException.class, () -> find(new Named(Path.of("mine.toml"), null, null)));

        assertThat(wrong.isConfiguration()).isTrue();
        assertThat(wrong).hasMessage("mine.toml: no such file");
        assertThatThrownBy(() -> find(new Named(null, null, Path.of("mine.token"))))
                .hasMessage("mine.token: no such file or folder");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:7,true",
        "localhost:7,true",
        "[::1]:7,true",
        "192.0.2.1:7,false",
        "example.org:7,false",
        "10.0.0.5:42002,true"
    })
    void anotherHostDoesNotGetTheTokenOfThisOne(String address, boolean gets) throws Exception {
        environment = Map.of("VOLTLANE_ADMIN_ADDRESS", "10.0.0.5:42002");
        write("admin.token", "secret");

        Target target = find(new Named(null, Address.parse(address), null));

        assertThat(target.token()).isEqualTo(gets ? "secret" : null);
    }

    @Test
    void anotherHostGetsTheTokenThatIsNamed() throws Exception {
        write("other", " other\n");

        assertThat(find(new Named(null, Address.parse("192.0.2.1:7"), Path.of("other")))
                        .token())
                .isEqualTo("other");
    }

    @ParameterizedTest
    @CsvSource({"''", "two words", "'ü'"})
    void whatIsNoTokenIsNotSent(String content) throws IOException {
        write("admin.token", content);

        assertThatThrownBy(() -> find(NOTHING)).hasMessageContaining("admin.token: not a token (expected: ");
    }

    private Target find(Named named) throws ApiException {
        return new TargetFinder(directory, environment).find(named);
    }

    private void write(String name, @Nullable String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }
}
