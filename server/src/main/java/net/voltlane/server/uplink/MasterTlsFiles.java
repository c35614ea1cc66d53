package net.voltlane.server.uplink;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import net.voltlane.tcp.pem.PemException;
import net.voltlane.tcp.pem.PemFiles;

/** Reads the files of TLS towards the master, which blocks for as long as a few small files take. */
final class MasterTlsFiles {
    private MasterTlsFiles() {}

    /** A digest of the contents of all files. A file that can't be read counts as one of its own kind. */
    static String digest(MasterTls.Files files) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String file : List.of(files.ca(), files.certificate(), files.key())) {
                digest.update(file.getBytes(StandardCharsets.UTF_8));
                digest.update(content(file));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has it", e);
        }
    }

    private static byte[] content(String file) {
        try {
            return file.isEmpty() ? new byte[0] : Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            return e.getClass().getName().getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Builds the settings that links are encrypted with. */
    static SslContext context(MasterTls.Files files) throws MasterTlsException {
        SslContextBuilder builder =
                SslContextBuilder.forClient().protocols("TLSv1.3", "TLSv1.2").endpointIdentificationAlgorithm("HTTPS");
        if (!files.ca().isEmpty()) {
            builder.trustManager(authorities(files.ca()));
        }
        if (!files.certificate().isEmpty()) {
            builder.keyManager(key(files), chain(files.certificate()));
        }
        try {
            return builder.build();
        } catch (SSLException | RuntimeException e) {
            throw new MasterTlsException("master.tls: TLS can't be set up with these files: " + e.getMessage());
        }
    }

    private static List<X509Certificate> chain(String certificate) throws MasterTlsException {
        try {
            return PemFiles.certificates(Path.of(certificate));
        } catch (PemException e) {
            throw new MasterTlsException("master.certificate: " + e.getMessage());
        }
    }

    /** Reads the key, of which the certificate must be. */
    private static PrivateKey key(MasterTls.Files files) throws MasterTlsException {
        chain(files.certificate());
        try {
            PemFiles.keyManagers(Path.of(files.certificate()), Path.of(files.key()));
            return PemFiles.key(Path.of(files.key()));
        } catch (PemException e) {
            throw new MasterTlsException("master.key: " + e.getMessage());
        }
    }

    private static TrustManager authorities(String ca) throws MasterTlsException {
        try {
            return PemFiles.trustManagers(Path.of(ca))[0];
        } catch (PemException e) {
            throw new MasterTlsException("master.ca: " + e.getMessage());
        }
    }
}
