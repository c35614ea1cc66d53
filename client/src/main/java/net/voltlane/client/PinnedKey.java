package net.voltlane.client;

import java.net.Socket;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** A trust manager that trusts a server by its key alone. Immutable. */
final class PinnedKey extends X509ExtendedTrustManager {

    /** Thrown when the server has another key. */
    static final class OtherKeyException extends CertificateException {

        private static final long serialVersionUID = 1L;

        OtherKeyException(String message) {
            super(message);
        }
    }

    private final byte[] expected;

    /** @param expected SHA-256 of the key */
    PinnedKey(byte[] expected) {
        this.expected = expected;
    }

    static byte[] digest(X509Certificate certificate) {
        return ClientTls.sha256().digest(certificate.getPublicKey().getEncoded());
    }

    private void check(X509Certificate[] chain) throws OtherKeyException {
        byte[] actual = digest(chain[0]);
        if (!MessageDigest.isEqual(expected, actual)) {
            Base64.Encoder base64 = Base64.getEncoder();
            throw new OtherKeyException("its key is sha256/" + base64.encodeToString(actual) + " (pinned: sha256/"
                    + base64.encodeToString(expected) + ")");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("this end is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
