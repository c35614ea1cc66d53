package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Files of TLS that can't be used are mistakes in the configuration, at a start and at a check: status 78 and one line. */
class TlsFilesTest {
    private static final TestAuthority AUTHORITY = TestAuthority.create("authority");

    @TempDir
    static Path files;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void write() throws IOException {
        TestCertificate one = AUTHORITY.server("one.example");
        one.write(files, "one");
        AUTHORITY.server("two.example").write(files, "two");
        AUTHORITY.write(files, "ca");
        Files.writeString(files.resolve("empty.pem"), "");
        Files.writeString(files.resolve("cut.pem"), one.chainPem().substring(0, 300));
        Files.writeString(files.resolve("bad.pem"), TestCertificate.pem("CERTIFICATE", new byte[] {1, 2, 3}));
        Files.writeString(files.resolve("bad.key"), TestCertificate.pem("PRIVATE KEY", new byte[] {1, 2, 3}));
        Files.writeString(files.resolve("secret.key"), TestCertificate.pem("ENCRYPTED PRIVATE KEY", new byte[] {1}));
    }

    private int run(String... args) {
        Map<String, Supplier<Object>> commands = Map.of(
                "serve", () -> new ServeCommand(RealServer::start, directory, Map.of("VOLTLANE_ADMIN_ADDRESS", "")));
        CommandLine line = Commands.commandLine(commands, args);
        return line.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private void configure(String section, String... settings) throws IOException {
        StringBuilder text =
                new StringBuilder("[listener]\naddress = '127.0.0.1:0'\nkey_file = ''\n[" + section + "]\n");
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            boolean isFile = parts[1].endsWith(".pem") || parts[1].endsWith(".key");
            String value = isFile ? files.resolve(parts[1]).toString() : parts[1];
            text.append(parts[0])
                    .append(" = ")
                    .append(value.equals("true") ? value : "'" + value + "'")
                    .append('\n');
        }
        Files.writeString(directory.resolve("connserver.toml"), text);
    }

    /** The line that a check prints, of a mistake for which a start ends, too. */
    private String mistake() {
        assertThat(run("serve", "--check")).isEqualTo(78);
        assertThat(run("serve")).isEqualTo(78); // which is told in the log
        List<String> told = err.toString()
                .lines()
                .filter(line -> !line.contains("lets clients in without a certificate")) // a warning
                .toList();
        assertThat(told).hasSize(1);
        return told.get(0).replace(files + "/", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing.pem | one.key | tls.certificate: missing.pem: no such file (expected: a file in PEM)",
                "empty.pem | one.key | tls.certificate: empty.pem: no certificate in it (expected: PEM, beginning with",
                "one.key | one.key | tls.certificate: one.key: no certificate in it (expected: PEM, beginning with",
                "cut.pem | one.key | tls.certificate: cut.pem: ",
                "bad.pem | one.key | tls.certificate: bad.pem: certificate 1 is malformed (expected: X.509 in PEM)",
                "one.pem | missing.key | tls.key: missing.key: no such file (expected: a file in PEM)",
                "one.pem | empty.pem | tls.key: empty.pem: no private key in it (expected: PEM, beginning with",
                "one.pem | one.pem | tls.key: one.pem: no private key in it (expected: PEM, beginning with",
                "one.pem | two.key | tls.key: two.key: the key of another certificate (expected: the key of the first one in one.pem)",
                "one.pem | bad.key | tls.key: bad.key: the key is malformed or of an unknown kind (expected: RSA, EC or Ed25519)",
                "one.pem | secret.key | tls.key: secret.key: the key is encrypted (expected: a key without a passphrase",
            })
    void ofTheListener(String certificate, String key, String expected) throws IOException {
        configure("tls", "address=127.0.0.1:0", "certificate=" + certificate, "key=" + key);
        assertThat(mistake()).startsWith(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing.pem | tls.client_ca: missing.pem: no such file (expected: a file in PEM)",
                "empty.pem | tls.client_ca: empty.pem: no certificate in it (expected: PEM, beginning with",
                "one.key | tls.client_ca: one.key: no certificate in it (expected: PEM, beginning with",
            })
    void ofItsClients(String ca, String expected) throws IOException {
        configure("tls", "address=127.0.0.1:0", "certificate=one.pem", "key=one.key", "client_ca=" + ca);
        assertThat(mistake()).startsWith(expected);
    }

    @Test
    void ofFurtherCertificates() throws IOException {
        configure("tls", "address=127.0.0.1:0", "certificate=one.pem", "key=one.key");
        Files.writeString(
                directory.resolve("connserver.toml"),
                Files.readString(directory.resolve("connserver.toml")) + "[[tls.certificates]]\ncertificate = '"
                        + files.resolve("two.pem") + "'\nkey = '" + files.resolve("one.key") + "'\n");
        assertThat(mistake()).startsWith("tls.certificates: one.key: the key of another certificate");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing.pem | one.pem | one.key | master.ca: missing.pem: no such file (expected: a file in PEM)",
                "empty.pem | one.pem | one.key | master.ca: empty.pem: no certificate in it (expected: PEM, beginning with",
                "one.key | one.pem | one.key | master.ca: one.key: no certificate in it (expected: PEM, beginning with",
                "ca.pem | empty.pem | one.key | master.certificate: empty.pem: no certificate in it (expected: PEM, beginning with",
                "ca.pem | one.pem | missing.key | master.key: missing.key: no such file (expected: a file in PEM)",
                "ca.pem | one.pem | two.key | master.key: two.key: the key of another certificate (expected: the key of the first"
                        + " one in one.pem)",
                "ca.pem | one.pem | secret.key | master.key: secret.key: the key is encrypted (expected: a key without a passphrase",
            })
    void towardsTheBackend(String ca, String certificate, String key, String expected) throws IOException {
        configure("master", "tls=true", "ca=" + ca, "certificate=" + certificate, "key=" + key);
        assertThat(mistake()).startsWith(expected);
    }

    @Test
    void aFileThatMayNotBeRead() throws IOException {
        Path secret = Files.copy(files.resolve("one.key"), directory.resolve("hidden.key"));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(Files.isReadable(secret), "root may read every file");
        configure("tls", "address=127.0.0.1:0", "certificate=one.pem", "key=" + secret);
        assertThat(mistake())
                .startsWith("tls.key: " + secret + ": permission denied (expected: a file that this process");
    }

    @Test
    void aFolderIsNoFile() throws IOException {
        Files.createDirectory(directory.resolve("folder.pem"));
        configure("master", "tls=true", "ca=" + directory.resolve("folder.pem"));
        assertThat(mistake()).startsWith("master.ca: " + directory.resolve("folder.pem") + ": can't be read: ");
    }

    @Test
    void goodFilesAreInOrder() throws IOException {
        configure("master", "tls=true", "ca=ca.pem", "certificate=one.pem", "key=one.key");
        assertThat(run("serve", "--check")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("The configuration is in order.");
    }
}
