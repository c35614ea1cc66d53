package net.voltlane.server.tls;

import io.netty.handler.ssl.OpenSslCertificateException;
import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The authorities of client certificates, for BoringSSL. It knows by itself which alert an expired certificate gets. All
 * other refusals would be an {@code internal_error} to the client, which then looks for the fault at the server. Here
 * they become {@code unknown_ca}, or {@code unsupported_certificate}. Thread-safe.
 */
final class ClientAuthorities extends X509ExtendedTrustManager {
    /** X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY of OpenSSL's x509_vfy.h. */
    private static final int UNKNOWN_AUTHORITY = 20;
    /** X509_V_ERR_INVALID_PURPOSE of OpenSSL's x509_vfy.h. */
    private static final int WRONG_PURPOSE = 26;

    private final X509ExtendedTrustManager trusted;

    ClientAuthorities(X509ExtendedTrustManager trusted) {
        this.trusted = trusted;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trusted.getAcceptedIssuers();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) throws CertificateException {
        try {
            trusted.checkClientTrusted(chain, kind, engine);
        } catch (CertificateException e) {
            throw withAlert(e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
        try {
            trusted.checkClientTrusted(chain, kind, socket);
        } catch (CertificateException e) {
            throw withAlert(e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
        try {
            trusted.checkClientTrusted(chain, kind);
        } catch (CertificateException e) {
            throw withAlert(e);
        }
    }

    private static CertificateException withAlert(CertificateException refusal) {
        int code = WRONG_PURPOSE;
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathValidatorException invalid
                    && (invalid.getReason() == BasicReason.EXPIRED
                            || invalid.getReason() == BasicReason.NOT_YET_VALID
                            || invalid.getReason() == BasicReason.REVOKED)) {
                return refusal;
            } else if (cause instanceof CertPathValidatorException || cause instanceof CertPathBuilderException) {
                code = UNKNOWN_AUTHORITY;
            }
        }
        return new OpenSslCertificateException(refusal.getMessage(), refusal, code);
    }

    // ---- servers are checked by those who dial

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) throws CertificateException {
        trusted.checkServerTrusted(chain, kind, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
        trusted.checkServerTrusted(chain, kind, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
        trusted.checkServerTrusted(chain, kind);
    }
}
