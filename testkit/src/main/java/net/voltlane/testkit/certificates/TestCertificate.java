package net.voltlane.testkit.certificates;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * A certificate of a {@link TestAuthority} with its key.
 *
 * @param key the private key
 * @param chain the certificate first, its authority last
 */
public record TestCertificate(PrivateKey key, List<X509Certificate> chain) {

    private static final int LINE_CHARS = 64;
    private static final Base64.Encoder BASE64 =
            Base64.getMimeEncoder(LINE_CHARS, "\n".getBytes(StandardCharsets.US_ASCII));

    /** Returns the chain in PEM. */
    public String chainPem() {
        return chain.stream().map(TestCertificate::pem).collect(Collectors.joining());
    }

    /** Returns the key in PEM, as PKCS#8. */
    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /** Writes {@code NAME.pem} and {@code NAME.key} into a folder. */
    public Pair write(Path folder, String name) {
        try {
            return new Pair(
                    Files.writeString(folder.resolve(name + ".pem"), chainPem()),
                    Files.writeString(folder.resolve(name + ".key"), keyPem()));
        } catch (IOException e) {
            throw new AssertionError("can't write to " + folder, e);
        }
    }

    /**
     * The files of a certificate.
     *
     * @param chain in PEM
     * @param key in PEM
     */
    public record Pair(Path chain, Path key) {}

    /** Returns what an {@code SSLContext} shows this certificate with. */
    public KeyManager[] keyManagers() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", key, new char[0], chain.toArray(new X509Certificate[0]));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, new char[0]);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError("the key is not accepted", e);
        }
    }

    static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes a PEM block. */
    public static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + BASE64.encodeToString(content) + "\n-----END " + label + "-----\n";
    }
}
