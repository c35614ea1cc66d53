package net.voltlane.server.tls;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import net.voltlane.tcp.pem.PemException;
import net.voltlane.tcp.pem.PemFiles;
import org.jspecify.annotations.Nullable;

/**
 * A certificate of the server with its private key.
 *
 * @param chain the certificate, and behind it those of the authorities that signed it
 * @param key the private key. Secret
 * @param names the DNS names that the certificate is good for, in lower case; may begin with {@code *.}
 */
record Identity(List<X509Certificate> chain, PrivateKey key, List<String> names) {
    private static final int DNS_NAME = 2;

    /** Reads both files. Blocks. */
    static Identity read(TlsFiles.Pair files) throws TlsException {
        List<X509Certificate> chain;
        try {
            chain = PemFiles.certificates(Path.of(files.certificate()));
        } catch (PemException e) {
            throw new TlsException(files.setting() + ": " + e.getMessage());
        }
        try {
            PrivateKey key = PemFiles.key(Path.of(files.key()));
            PemFiles.keyManagers(Path.of(files.certificate()), Path.of(files.key())); // do they belong together?
            return new Identity(List.copyOf(chain), key, names(chain.get(0)));
        } catch (PemException e) {
            throw new TlsException(files.keySetting() + ": " + e.getMessage());
        }
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (List<?> name : all == null ? List.<List<?>>of() : all) {
                if (name.get(0).equals(DNS_NAME)) {
                    names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            return List.of(); // no name that a client could ask for
        }
        return List.copyOf(names);
    }

    X509Certificate certificate() {
        return chain.get(0);
    }

    /** The moment at which the first certificate of the chain expires, in milliseconds since 1970. */
    long expiresAtMillis() {
        return chain.stream()
                .mapToLong(certificate -> certificate.getNotAfter().toInstant().toEpochMilli())
                .min()
                .orElseThrow();
    }

    /** The moment from which on all certificates of the chain are valid, in milliseconds since 1970. */
    long beginsAtMillis() {
        return chain.stream()
                .mapToLong(certificate -> certificate.getNotBefore().toInstant().toEpochMilli())
                .max()
                .orElseThrow();
    }

    /** True for Ed25519 and Ed448, which few clients know. */
    boolean isEdwards() {
        return certificate().getPublicKey().getAlgorithm().startsWith("Ed");
    }

    /** True if the certificate names this server. A {@code *} stands for one label, the first. */
    boolean isFor(@Nullable String server) {
        if (server == null) {
            return false;
        }
        String name = server.toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        String wild = dot < 0 ? null : "*" + name.substring(dot);
        return names.contains(name) || wild != null && names.contains(wild);
    }

    /** Names of the certificate for people: its DNS names, or its subject if it has none. */
    String shown() {
        return names.isEmpty() ? certificate().getSubjectX500Principal().getName() : String.join(" ", names);
    }

    /** Shows nothing of the key. */
    @Override
    public String toString() {
        return "Identity[" + shown() + "]";
    }
}
