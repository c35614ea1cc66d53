package net.voltlane.client;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import net.voltlane.tcp.pem.PemException;
import net.voltlane.tcp.pem.PemFiles;
import org.jspecify.annotations.Nullable;

/**
 * The settings of TLS for addresses that begin with {@code tls://} or {@code wss://}: which server is trusted, and which
 * certificate the client shows. TLS 1.2 and 1.3 are spoken, by the JDK.
 *
 * <p>Give one object to all clients that share settings: they share what lets TLS resume, so that later connections cost
 * less. Files are read once, when a method names them. Immutable and thread-safe.
 */
public final class ClientTls {

    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
    private static final String PIN = "sha256/";
    private static final int SHA256_BYTES = 32;

    private static final ClientTls SYSTEM = new ClientTls(null, null, null, null);

    private final TrustManager @Nullable [] trust;
    private final KeyManager @Nullable [] own;
    private final @Nullable PinnedKey pin;
    private final @Nullable String name;
    private final SSLContext context;

    private ClientTls(
            TrustManager @Nullable [] trust,
            KeyManager @Nullable [] own,
            @Nullable PinnedKey pin,
            @Nullable String name) {
        this(trust, own, pin, name, context(pin == null ? trust : new TrustManager[] {pin}, own));
    }

    private ClientTls(
            TrustManager @Nullable [] trust,
            KeyManager @Nullable [] own,
            @Nullable PinnedKey pin,
            @Nullable String name,
            SSLContext context) {
        this.trust = trust;
        this.own = own;
        this.pin = pin;
        this.name = name;
        this.context = context;
    }

    /**
     * Trusts the authorities that the JDK trusts. This is the default.
     *
     * @return the settings
     */
    public static ClientTls system() {
        return SYSTEM;
    }

    /**
     * Uses a context of your own, for whatever the other methods do not offer. Methods that name authorities, a key or a
     * certificate replace it. The server's certificate has to name the
     * host, unless the context's trust manager decides otherwise.
     *
     * @param context initialized
     * @return the settings
     */
    public static ClientTls of(SSLContext context) {
        return new ClientTls(null, null, null, null, context);
    }

    /**
     * Trusts the authorities in a file, and no others. The server's certificate has to name the host.
     *
     * @param authorities a file of certificates in PEM
     * @return new settings
     * @throws IOException if the file can't be read or used; the message says what is wrong
     */
    public ClientTls withAuthorities(Path authorities) throws IOException {
        try {
            return new ClientTls(PemFiles.trustManagers(authorities), own, null, name);
        } catch (PemException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Trusts the server that has this key, and no other. Neither authorities, nor names, nor dates of its certificate
     * count any more: use it for a certificate that the server has signed itself. A server may renew its certificate as
     * long as it keeps the key.
     *
     * @param certificate a file in PEM, whose first certificate has the key
     * @return new settings
     * @throws IOException if the file can't be read or used; the message says what is wrong
     */
    public ClientTls withPinnedCertificate(Path certificate) throws IOException {
        try {
            X509Certificate first = PemFiles.certificates(certificate).get(0);
            return pinned(PinnedKey.digest(first));
        } catch (PemException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Trusts the server that has this key, see {@link #withPinnedCertificate}.
     *
     * @param digest {@code sha256/} and the Base64 of the SHA-256 of the public key (SubjectPublicKeyInfo)
     * @return new settings
     * @throws IllegalArgumentException if it is not such a digest
     */
    public ClientTls withPinnedKey(String digest) {
        byte[] bytes = {};
        try {
            if (digest.startsWith(PIN)) {
                bytes = Base64.getDecoder().decode(digest.substring(PIN.length()));
            }
        } catch (IllegalArgumentException notBase64) {
            // told below
        }
        if (bytes.length != SHA256_BYTES) {
            throw new IllegalArgumentException(
                    "pinned key: \"" + digest + "\" (expected: sha256/ and 44 characters of Base64)");
        }
        return pinned(bytes);
    }

    private ClientTls pinned(byte[] digest) {
        return new ClientTls(trust, own, new PinnedKey(digest), name);
    }

    /**
     * Shows a certificate to servers that ask for one.
     *
     * @param chain a file in PEM: the certificate, with those of its authorities behind it
     * @param key a file in PEM: its key, not encrypted; PKCS#8, PKCS#1 or SEC 1
     * @return new settings
     * @throws IOException if a file can't be read or used, or the key is not that of the certificate; the message says
     *     what is wrong
     */
    public ClientTls withCertificate(Path chain, Path key) throws IOException {
        try {
            return new ClientTls(trust, PemFiles.keyManagers(chain, key), pin, name);
        } catch (PemException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Asks for this name, and expects it in the server's certificate, instead of the host of the address. For servers
     * that are reached by an address that their certificate does not name.
     *
     * @param host a DNS name
     * @return new settings
     */
    public ClientTls withServerName(String host) {
        return new ClientTls(trust, own, pin, host, context);
    }

    /** Creates an engine for a link. */
    SSLEngine engine(ServerAddress address) {
        SSLEngine engine = context.createSSLEngine(name == null ? address.host() : name, address.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        ServerNames.of(name == null ? address.host() : name).ifPresent(n -> parameters.setServerNames(List.of(n)));
        parameters.setApplicationProtocols(new String[] {address.scheme().application()});
        if (pin == null) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SSLContext context(TrustManager @Nullable [] trust, KeyManager @Nullable [] own) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
