package net.voltlane.tcp.pem;

import static net.voltlane.testkit.certificates.TestAuthority.hours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import net.voltlane.testkit.certificates.TestAuthority;
import net.voltlane.testkit.certificates.TestCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemFilesTest {

    private final TestAuthority authority = TestAuthority.create("authority");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void aCertificateAndItsKeyAreReadBack(String algorithm) throws PemException {
        TestCertificate own = authority.issue("CN=own", algorithm, hours(-1), hours(1), "DNS:own.example");
        TestCertificate.Pair files = own.write(folder, "own");

        assertThat(PemFiles.certificates(files.chain())).isEqualTo(own.chain());
        assertThat(PemFiles.key(files.key())).isEqualTo(own.key());
        assertThat(PemFiles.keyManagers(files.chain(), files.key())).hasSize(1);
        assertThat(PemFiles.trustManagers(authority.write(folder, "ca"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void theOlderFormsOfKeysAreRead(String algorithm) throws PemException {
        TestCertificate own = authority.issue("CN=own", algorithm, hours(-1), hours(1));
        byte[] inner = withCurve(algorithm, insideOfPkcs8(own.key().getEncoded()));

        Path file = file(TestCertificate.pem(algorithm + " PRIVATE KEY", inner));

        PrivateKey read = PemFiles.key(file);
        assertThat(read.getAlgorithm()).isEqualTo(algorithm);
        assertThat(PemFiles.belong(read, own.chain().get(0))).isTrue();
    }

    @Test
    void aKeyIsFoundBehindCertificatesParametersAndText() throws PemException {
        TestCertificate own = authority.server("own.example");

        Path file = file("subject=own\r\n" + own.chainPem().replace("\n", "\r\n")
                + TestCertificate.pem("EC PARAMETERS", new byte[] {6, 1, 1}) + own.keyPem() + "the end");

        assertThat(PemFiles.key(file)).isEqualTo(own.key());
        assertThat(PemFiles.certificates(file)).hasSize(2);
    }

    @Test
    void aWrongFileIsNamedWithWhatIsExpected() {
        TestCertificate own = authority.server("own.example");
        TestCertificate.Pair files = own.write(folder, "own");
        TestCertificate.Pair others = authority.server("other.example").write(folder, "other");

        refused(() -> PemFiles.key(files.chain()), files.chain() + ": no private key in it (expected: PEM, beginning");
        refused(() -> PemFiles.certificates(files.key()), files.key() + ": no certificate in it (expected: PEM,");
        refused(() -> PemFiles.key(folder.resolve("none")), folder.resolve("none") + ": no such file (expected:");
        refused(() -> PemFiles.certificates(folder), folder + ": can't be read: ");
        refused(
                () -> PemFiles.keyManagers(files.chain(), others.key()),
                others.key() + ": the key of another certificate (expected: the key of the first one in "
                        + files.chain());
        refused(
                () -> PemFiles.key(file(TestCertificate.pem("ENCRYPTED PRIVATE KEY", new byte[] {1}))),
                "the key is encrypted (expected: a key without a passphrase");
        refused(
                () -> PemFiles.key(file("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                        + "DEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n")),
                "the key is encrypted");
    }

    @Test
    void whatIsNoPemOrBrokenIsRefusedAtEveryCut() {
        TestCertificate own = authority.issue("CN=own", "RSA", hours(-1), hours(1));
        for (String pem : new String[] {
            own.keyPem(),
            TestCertificate.pem("RSA PRIVATE KEY", insideOfPkcs8(own.key().getEncoded())),
            TestCertificate.pem("EC PRIVATE KEY", new byte[] {0x30, (byte) 0x84, 127, 1, 1, 1}),
            TestCertificate.pem("EC PRIVATE KEY", new byte[] {0x30, 0x03, 2, 1, 1})
        }) {
            for (int cut = 0; cut < pem.length() - 30; cut += 97) {
                Path file = file(pem.substring(0, cut));
                refused(() -> PemFiles.key(file), "(expected: ");
                Path cutOff = file(pem.substring(0, cut) + "\n-----END PRIVATE KEY-----\n");
                refused(() -> PemFiles.key(cutOff), "(expected: ");
            }
        }
        refused(() -> PemFiles.certificates(file(TestCertificate.pem("CERTIFICATE", new byte[] {1}))), "malformed");
        refused(() -> PemFiles.key(file("-----BEGIN PRIVATE KEY-----\nAAAA\n")), "has no end");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable reading, String message) {
        assertThatThrownBy(reading).isInstanceOf(PemException.class).hasMessageContaining(message);
    }

    private Path file(String text) {
        try {
            return Files.writeString(Files.createTempFile(folder, "pem", ""), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the octet string at the end of a PKCS#8 key: what older forms hold. */
    private static byte[] insideOfPkcs8(byte[] der) {
        boolean isRsa = der.length > 300;
        return Arrays.copyOfRange(der, isRsa ? 26 : der.length - insideOfEc(der), der.length);
    }

    private static int insideOfEc(byte[] der) {
        return der[1] - (der[4] == 0 ? 3 : 0) - (der[6] + 2) - 2;
    }

    /** Adds the curve P-256, as openssl does: within PKCS#8 it stands elsewhere. */
    private static byte[] withCurve(String algorithm, byte[] key) {
        if (algorithm.equals("RSA")) {
            return key;
        }
        byte[] curve = Base64.getDecoder().decode("oAoGCCqGSM49AwEH");
        byte[] whole = Arrays.copyOf(key, key.length + curve.length);
        System.arraycopy(curve, 0, whole, key.length, curve.length);
        whole[1] += (byte) curve.length;
        return whole;
    }
}
