package net.voltlane.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import net.voltlane.server.config.Address;
import net.voltlane.server.config.CertificateFiles;
import net.voltlane.server.config.ServerConfig;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code voltlane serve --check}: the lines about files that a start needs. */
final class StartCheckTest {
    private static final TestAuthority AUTHORITY = TestAuthority.create("checks");

    @TempDir
    Path folder;

    private TestCertificate.Pair pair(String name, Instant from, Instant until) {
        TestCertificate made = AUTHORITY.issue("CN=" + name, "EC", from, until, "DNS:" + name);
        return new TestCertificate(made.key(), made.chain().subList(0, 1)).write(folder, name);
    }

    private static ServerConfig config(TestCertificate.Pair pair) {
        ServerConfig config = ServerConfig.defaults();
        return config.withListener(config.listener().withKeyFile(""))
                .withTls(config.tls()
                        .withAddress(new Address("127.0.0.1", 0))
                        .withCertificate(pair.chain().toString())
                        .withKey(pair.key().toString()));
    }

    @Test
    void eachCertificateIsNamedWithItsEnd() {
        TestCertificate.Pair first = pair("a.example", TestAuthority.hours(-1), TestAuthority.hours(24 * 90));
        TestCertificate.Pair second = pair("b.example", TestAuthority.hours(-1), TestAuthority.hours(24 * 60));
        ServerConfig config = config(first);
        List<String> lines = VoltlaneServer.check(config.withTls(config.tls()
                .withCertificates(List.of(new CertificateFiles(
                        second.chain().toString(), second.key().toString())))));
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).matches("tls\\.certificate: .*a\\.example\\S*: a\\.example until 20\\d\\d-.* UTC");
        assertThat(lines.get(1)).matches("tls\\.certificates: .*b\\.example\\S*: b\\.example until 20\\d\\d-.* UTC");
        assertThat(lines.get(2)).startsWith("listener.key_file: ");
    }

    @Test
    void anExpiredCertificateIsWarnedOf() {
        TestCertificate.Pair old = pair("old.example", TestAuthority.hours(-48), TestAuthority.hours(-1));
        assertThat(VoltlaneServer.check(config(old)).get(1))
                .startsWith("The certificate for old.example expired on ")
                .endsWith(": clients refuse it");
    }

    @Test
    void withoutTlsNoCertificateIsNamed() {
        ServerConfig config = ServerConfig.defaults();
        assertThat(VoltlaneServer.check(config.withListener(config.listener().withKeyFile(""))))
                .singleElement()
                .asString()
                .startsWith("listener.key_file: ");
    }

    @Test
    void aFileThatCantBeUsedIsAnError() {
        TestCertificate.Pair pair = pair("a.example", TestAuthority.hours(-1), TestAuthority.hours(24 * 90));
        ServerConfig config = config(pair);
        String none = folder.resolve("none").toString();
        assertThatThrownBy(
                        () -> VoltlaneServer.check(config.withTls(config.tls().withKey(none))))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("tls.key: ");
    }
}
