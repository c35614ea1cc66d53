package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Map;
import net.voltlane.client.VoltlaneClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisabledOnOs(OS.WINDOWS)
class KeyShowCommandTest {
    /** The secret key 1, whose public key is the generator of the curve. */
    private static final String SECRET = "0".repeat(63) + "1";

    private static final String PUBLIC = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    /** Derived from the same secret for version 3 of the protocol. */
    private static final String PUBLIC_3 = "d2940974c38347b84070eb14fab5187a587ab084c5532e7deb9fbc1504cdd12c";

    private static final String FINGERPRINT = "SHA256:D3Fbr11MLtMpeFzvKeVi9zSIyKK7nbxXALNh1UubBVQ";

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theKeyIsShownInTheFormsForPinning() throws IOException {
        key("connserver.key");

        assertThat(run(Map.of())).isZero();

        assertThat(out.toString().lines())
                .containsExactly("Fingerprint  " + FINGERPRINT, "Public key   " + PUBLIC, "Protocol 3   " + PUBLIC_3);
        // The SDK takes them: it would throw for anything but a key.
        VoltlaneClient.builder("127.0.0.1:1")
                .serverKey(HexFormat.of().parseHex(PUBLIC))
                .serverKey(HexFormat.of().parseHex(PUBLIC_3));
    }

    @Test
    void aDocumentHasTheSameAndNeverTheSecret() throws IOException {
        Files.createDirectory(directory.resolve("etc"));
        Files.writeString(directory.resolve("etc/mine.toml"), "[listener]\nkey_file = \"k\"\n");
        key("etc/k");

        assertThat(run(Map.of(), "-c", "etc/mine.toml", "--json")).isZero();

        assertThat(out.toString())
                .isEqualToIgnoringNewLines("{\"fingerprint\":\"" + FINGERPRINT + "\",\"publicKey\":\"" + PUBLIC
                        + "\",\"publicKey3\":\"" + PUBLIC_3 + "\",\"file\":\"etc/k\"}")
                .doesNotContain(SECRET);
    }

    @Test
    void aKeyThatIsNotThereYetIsStatusOne() {
        assertThat(run(Map.of())).isEqualTo(1);

        assertThat(err.toString())
                .isEqualToIgnoringNewLines(
                        "listener.key_file: connserver.key is not there: the first start of the server makes it");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aKeyInMemoryIsStatusOne() {
        assertThat(run(Map.of("VOLTLANE_LISTENER_KEY_FILE", ""))).isEqualTo(1);

        assertThat(err.toString()).contains("a key in memory only");
    }

    @Test
    void aFileThatIsNoKeyIsStatus78AndNotRepeated() throws IOException {
        Files.writeString(directory.resolve("connserver.key"), SECRET + "x");

        assertThat(run(Map.of())).isEqualTo(78);

        assertThat(err.toString()).contains("listener.key_file: ", "not a key").doesNotContain(SECRET);
    }

    @Test
    void aConfigurationThatIsWrongIsStatus78() {
        assertThat(run(Map.of("VOLTLANE_LOG_LEVEL", "x"))).isEqualTo(78);
        assertThat(run(Map.of(), "-c", "mine.toml")).isEqualTo(78);
    }

    private void key(String name) throws IOException {
        Path file = Files.writeString(directory.resolve(name), SECRET + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private int run(Map<String, String> environment, String... args) {
        return new CommandLine(new KeyShowCommand(directory, environment))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
