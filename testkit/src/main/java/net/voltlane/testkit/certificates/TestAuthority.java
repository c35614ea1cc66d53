package net.voltlane.testkit.certificates;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate authority that lives in memory and signs certificates for tests. Nothing is stored that could expire: each
 * certificate is good from an hour ago until tomorrow, unless a test asks for other times. Thread-safe.
 */
public final class TestAuthority {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SERIAL_BITS = 64;
    private static final int RSA_BITS = 2048;
    private static final String ED25519 = "Ed25519";
    private static final String RSA = "RSA";

    private final KeyPair keys;
    private final X509Certificate certificate;

    private TestAuthority(String name) {
        keys = keys("EC");
        certificate = sign(this.keys, name, name, keys.getPublic(), List.of(authority()), hours(-1), hours(24));
    }

    /** Creates an authority with a key of its own. */
    public static TestAuthority create(String name) {
        return new TestAuthority("CN=" + name);
    }

    /** Returns the authority's own certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** Returns the authority's own certificate in PEM. */
    public String pem() {
        return TestCertificate.pem(certificate);
    }

    /** Writes the authority's own certificate into a folder. */
    public Path write(Path folder, String name) {
        try {
            return Files.writeString(folder.resolve(name + ".pem"), pem());
        } catch (IOException e) {
            throw new AssertionError("can't write to " + folder, e);
        }
    }

    /** Returns what an {@code SSLContext} trusts this authority with. */
    public TrustManager[] trustManagers() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("authority", certificate);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError("the authority is not accepted", e);
        }
    }

    /**
     * Signs a certificate for a server, with a key on P-256.
     *
     * @param names DNS names and IP addresses
     */
    public TestCertificate server(String... names) {
        return issue("CN=" + names[0], "EC", hours(-1), hours(24), prefixed(names));
    }

    /**
     * Signs a certificate.
     *
     * @param subject such as {@code CN=one,O=two}
     * @param algorithm of the key: EC, RSA or Ed25519
     * @param from the first moment at which it is good
     * @param until the last
     * @param names alternative names: {@code DNS:…}, {@code IP:…}, {@code URI:…}, {@code email:…}
     */
    public TestCertificate issue(String subject, String algorithm, Instant from, Instant until, String... names) {
        KeyPair own = keys(algorithm);
        List<byte[]> extensions = new ArrayList<>();
        // serverAuth and clientAuth
        extensions.add(extension(
                "2.5.29.37", false, Der.sequence(Der.oid("1.3.6.1.5.5.7.3.1"), Der.oid("1.3.6.1.5.5.7.3.2"))));
        if (names.length > 0) {
            byte[][] all = new byte[names.length][];
            for (int i = 0; i < names.length; i++) {
                all[i] = name(names[i]);
            }
            extensions.add(extension("2.5.29.17", false, Der.sequence(all)));
        }
        X509Certificate signed = sign(
                keys,
                certificate.getSubjectX500Principal().getName(),
                subject,
                own.getPublic(),
                extensions,
                from,
                until);
        return new TestCertificate(own.getPrivate(), List.of(signed, certificate));
    }

    /** Returns the moment so many hours from now. */
    public static Instant hours(int fromNow) {
        return Instant.now().plus(Duration.ofHours(fromNow));
    }

    private static String[] prefixed(String... names) {
        String[] all = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            boolean address = names[i].matches("[0-9.]+|.*:.*");
            all[i] = (address ? "IP:" : "DNS:") + names[i];
        }
        return all;
    }

    private static byte[] name(String text) {
        int colon = text.indexOf(':');
        String value = text.substring(colon + 1);
        byte[] ascii = value.getBytes(StandardCharsets.US_ASCII);
        return switch (text.substring(0, colon)) {
            case "email" -> Der.of(0x81, ascii);
            case "DNS" -> Der.of(0x82, ascii);
            case "URI" -> Der.of(0x86, ascii);
            case "IP" -> Der.of(0x87, address(value));
            default -> throw new IllegalArgumentException(text + " (expected: DNS:, IP:, URI: or email:)");
        };
    }

    private static byte[] address(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (IOException e) {
            throw new IllegalArgumentException(literal + " (expected: an IP address)", e);
        }
    }

    private static byte[] authority() {
        return extension("2.5.29.19", true, Der.sequence(Der.yes()));
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    private static KeyPair keys(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (!algorithm.equals(ED25519)) {
                generator.initialize(algorithm.equals(RSA) ? RSA_BITS : 256, RANDOM);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("no keys of " + algorithm, e);
        }
    }

    private static X509Certificate sign(
            KeyPair signer,
            String issuer,
            String subject,
            PublicKey key,
            List<byte[]> extensions,
            Instant from,
            Instant until) {
        byte[] algorithm = Der.sequence(Der.oid("1.2.840.10045.4.3.2")); // ECDSA with SHA-256
        byte[] content = Der.sequence(
                Der.of(0xA0, Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(SERIAL_BITS, RANDOM)),
                algorithm,
                new X500Principal(issuer).getEncoded(),
                Der.sequence(Der.time(from), Der.time(until)),
                new X500Principal(subject).getEncoded(),
                key.getEncoded(),
                Der.of(0xA3, Der.sequence(extensions.toArray(new byte[0][]))));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(signer.getPrivate());
            signature.update(content);
            byte[] whole = Der.sequence(content, algorithm, Der.bits(signature.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("the certificate is malformed", e);
        }
    }
}
