package net.voltlane.backend;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import net.voltlane.tcp.pem.PemException;
import net.voltlane.tcp.pem.PemFiles;
import org.jspecify.annotations.Nullable;

/**
 * The settings of TLS for a backend that listens with it, see {@link BackendOptions#withTls(BackendTls)}. The version is
 * TLS 1.3.
 *
 * <pre>{@code
 * BackendTls tls = BackendTls.ofPem(Path.of("backend.pem"), Path.of("backend.key"))
 *         .requireClientCertificates(Path.of("servers-ca.pem"));
 * VoltlaneBackend.listen("0.0.0.0:42001", handler, BackendOptions.DEFAULT.withTls(tls));
 * }</pre>
 *
 * The servers need {@code master.tls = true}, and with required certificates also {@code master.certificate} and
 * {@code master.key}. Certificates are read once: a backend that is to show a renewed one is restarted, or given an
 * {@code SSLContext} that looks after that. Immutable.
 */
public final class BackendTls {
    private static final String[] PROTOCOLS = {"TLSv1.3"};

    private final SSLContext context;
    private final boolean requiresCertificates;
    /** The backend's own certificate, for a copy with another authority; null where the context is the application's. */
    private final KeyManager @Nullable [] own;

    private BackendTls(SSLContext context, boolean requiresCertificates, KeyManager @Nullable [] own) {
        this.context = context;
        this.requiresCertificates = requiresCertificates;
        this.own = own;
    }

    /**
     * Returns settings with a certificate out of PEM files.
     *
     * @param certificate the file of the backend's certificate, with those of its authorities behind it
     * @param key the file of its private key: PKCS#8, or the older forms of RSA and elliptic curves; not encrypted
     * @return the settings; any server may connect
     * @throws IOException if a file can't be read or used, or the key is not that of the certificate; the message says
     *     what is wrong
     */
    public static BackendTls ofPem(Path certificate, Path key) throws IOException {
        try {
            KeyManager[] own = PemFiles.keyManagers(certificate, key);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, null, null);
            return new BackendTls(context, false, own);
        } catch (PemException e) {
            throw new IOException(e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IOException(certificate + ": can't be used for TLS: " + e.getMessage(), e);
        }
    }

    /**
     * Returns settings with a context of the application's own.
     *
     * @param context ready to be used by a server
     * @return the settings; any server may connect
     */
    public static BackendTls of(SSLContext context) {
        return new BackendTls(context, false, null);
    }

    /**
     * Returns a copy that refuses servers without a certificate of this authority. Any certificate of the authority will do:
     * use one that gives certificates to your connection servers alone.
     *
     * @param authorities the PEM file of one authority or more
     * @return a copy
     * @throws IOException if the file can't be read or used; the message says what is wrong
     * @throws IllegalStateException if these settings have a context of the application's own, which knows whom it trusts:
     *     use {@link #requireClientCertificates()}
     */
    public BackendTls requireClientCertificates(Path authorities) throws IOException {
        if (own == null) {
            throw new IllegalStateException("the context is the application's own (expected: one of ofPem)");
        }
        try {
            SSLContext strict = SSLContext.getInstance("TLS");
            strict.init(own, PemFiles.trustManagers(authorities), null);
            return new BackendTls(strict, true, own);
        } catch (PemException e) {
            throw new IOException(e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IOException(authorities + ": can't be used for TLS: " + e.getMessage(), e);
        }
    }

    /**
     * Returns a copy that refuses servers without a certificate that the context trusts. A context with the JDK's own
     * authorities trusts very many.
     *
     * @return a copy
     */
    public BackendTls requireClientCertificates() {
        return new BackendTls(context, true, own);
    }

    /** Makes the engine of one connection. */
    SSLEngine newEngine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS.clone());
        parameters.setNeedClientAuth(requiresCertificates);
        engine.setSSLParameters(parameters);
        return engine;
    }
}
