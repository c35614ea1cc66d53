package net.voltlane.tcp.pem;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Reads certificates and private keys from PEM files. Every {@link PemException} is one sentence for an operator. No
 * message holds any part of a key.
 */
public final class PemFiles {

    private static final int MAX_BYTES = 4 << 20;
    private static final char[] NO_PASSWORD = {};

    private PemFiles() {}

    /**
     * Reads all certificates of a file, in their order.
     *
     * @param file the certificate of a server first, then those of its authorities; or a set of trusted authorities
     * @return at least one
     * @throws PemException if the file can't be read, or has no certificate
     */
    public static List<X509Certificate> certificates(Path file) throws PemException {
        List<X509Certificate> all = new ArrayList<>();
        for (PemBlock block : blocks(file)) {
            if (block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE")) {
                try {
                    all.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.content())));
                } catch (CertificateException e) {
                    throw new PemException(
                            file + ": certificate " + (all.size() + 1) + " is malformed (expected: X.509 in PEM)", e);
                }
            }
        }
        if (all.isEmpty()) {
            throw new PemException(
                    file + ": no certificate in it (expected: PEM, beginning with -----BEGIN CERTIFICATE-----)", null);
        }
        return all;
    }

    /**
     * Reads the first private key of a file: PKCS#8, or the older forms of RSA (PKCS#1) and elliptic curves (SEC 1).
     *
     * @param file may hold certificates, too
     * @return the key
     * @throws PemException if the file can't be read, has no key, or has one that is encrypted
     */
    public static PrivateKey key(Path file) throws PemException {
        for (PemBlock block : blocks(file)) {
            if (block.isEncrypted() || block.label().equals("ENCRYPTED PRIVATE KEY")) {
                throw new PemException(
                        file + ": the key is encrypted (expected: a key without a passphrase, as openssl pkey -in"
                                + " OLD -out NEW writes it)",
                        null);
            }
            try {
                switch (block.label()) {
                    case "PRIVATE KEY" -> {
                        return PrivateKeys.pkcs8(block.content());
                    }
                    case "RSA PRIVATE KEY" -> {
                        return PrivateKeys.pkcs1(block.content());
                    }
                    case "EC PRIVATE KEY" -> {
                        return PrivateKeys.sec1(block.content());
                    }
                    default -> {
                        // certificates and parameters
                    }
                }
            } catch (InvalidKeySpecException e) {
                throw new PemException(
                        file + ": the key is malformed or of an unknown kind (expected: RSA, EC or Ed25519)", null);
            }
        }
        throw new PemException(
                file + ": no private key in it (expected: PEM, beginning with -----BEGIN PRIVATE KEY-----)", null);
    }

    /**
     * Returns what an {@code SSLContext} shows a certificate with.
     *
     * @param chain the file of the certificate, with those of its authorities behind it
     * @param key the file of its key
     * @return the key managers
     * @throws PemException if a file can't be used, or the key is not that of the certificate
     */
    public static KeyManager[] keyManagers(Path chain, Path key) throws PemException {
        List<X509Certificate> certificates = certificates(chain);
        PrivateKey own = key(key);
        if (!belong(own, certificates.get(0))) {
            throw new PemException(
                    key + ": the key of another certificate (expected: the key of the first one in " + chain + ")",
                    null);
        }
        try {
            KeyStore store = emptyStore();
            store.setKeyEntry("own", own, NO_PASSWORD, certificates.toArray(new X509Certificate[0]));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, NO_PASSWORD);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw new PemException(chain + ": this certificate can't be used with TLS", e);
        }
    }

    /**
     * Returns what an {@code SSLContext} trusts authorities with.
     *
     * @param authorities the file of their certificates
     * @return the trust managers
     * @throws PemException if the file can't be used
     */
    public static TrustManager[] trustManagers(Path authorities) throws PemException {
        List<X509Certificate> trusted = certificates(authorities);
        try {
            KeyStore store = emptyStore();
            for (int i = 0; i < trusted.size(); i++) {
                store.setCertificateEntry("authority-" + i, trusted.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new PemException(authorities + ": these certificates can't be trusted in TLS", e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** Tells whether a key is that of a certificate, by a signature. */
    static boolean belong(PrivateKey key, X509Certificate certificate) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA" -> "EdDSA";
            default -> null;
        };
        if (algorithm == null) {
            return true; // left to TLS
        }
        byte[] text = {1};
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static List<PemBlock> blocks(Path file) throws PemException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new PemException(file + ": no such file (expected: a file in PEM)", e);
        } catch (AccessDeniedException e) {
            throw new PemException(file + ": permission denied (expected: a file that this process may read)", e);
        } catch (IOException e) {
            throw new PemException(file + ": can't be read: " + e.getMessage() + " (expected: a file in PEM)", e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new PemException(file + ": too long (expected: at most " + (MAX_BYTES >> 20) + " MiB)", null);
        }
        try {
            return PemBlock.all(new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new PemException(file + ": " + e.getMessage() + " (expected: PEM)", null);
        }
    }
}
