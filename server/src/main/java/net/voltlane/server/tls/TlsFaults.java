package net.voltlane.server.tls;

import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import net.voltlane.server.link.CodecException;
import net.voltlane.server.metrics.Metric;

/** Turns what an engine throws into a fault with a counter and words of our own. */
final class TlsFaults {
    private TlsFaults() {}

    /** @param isOpen true if the handshake was done before */
    static CodecException of(Throwable thrown, boolean isOpen) {
        Metric rejected = isOpen ? Metric.REJECTED_TLS : metric(thrown);
        return new CodecException(
                rejected, Metric.TLS_BROKEN, "its client sent what is no TLS, or was changed on the way");
    }

    private static Metric metric(Throwable thrown) {
        if (thrown instanceof Records.NotTlsException) {
            return Metric.REJECTED_NOT_TLS;
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (isAlert(message)) {
                return Metric.REJECTED_TLS_ALERT;
            } else if (cause instanceof CertificateException || lacksCertificate(message)) {
                return Metric.REJECTED_TLS_CERTIFICATE;
            }
        }
        return Metric.REJECTED_TLS;
    }

    /** BoringSSL: {@code …:TLSV1_ALERT_UNKNOWN_CA}; the JDK: {@code Received fatal alert: unknown_ca}. */
    private static boolean isAlert(String message) {
        return message.contains("v1_alert_")
                || message.contains("v3_alert_")
                || message.contains("received fatal alert")
                || message.contains("received close_notify");
    }

    /** BoringSSL: {@code …:PEER_DID_NOT_RETURN_A_CERTIFICATE}; the JDK: {@code Empty client certificate chain}. */
    private static boolean lacksCertificate(String message) {
        return message.contains("did_not_return_a_certificate") || message.contains("empty client certificate chain");
    }

    /** A handshake that a bound of ours ends. */
    static SSLException tooLong() {
        return new SSLException("the handshake is too long");
    }
}
