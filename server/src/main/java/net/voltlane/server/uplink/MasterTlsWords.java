package net.voltlane.server.uplink;

import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The reason of a failure of TLS towards the master, in words that tell the operator what to mend. */
final class MasterTlsWords {
    private MasterTlsWords() {}

    /** Returns null if TLS has nothing to do with it. */
    static @Nullable String of(Throwable thrown, MasterTls.Files files) {
        boolean isTls = false;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String words = known(cause, files);
            if (words != null) {
                return words;
            }
            isTls |= cause instanceof SSLException;
        }
        return isTls ? "TLS: " + innermost(thrown) : null;
    }

    private static @Nullable String known(Throwable cause, MasterTls.Files files) {
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof NotSslRecordException) {
            return "what listens there does not speak TLS; if that is the backend, set master.tls = false";
        } else if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
            return "the backend's certificate is not valid now (" + message + ")";
        } else if (cause instanceof CertPathBuilderException
                || cause instanceof CertPathValidatorException
                || message.contains("PKIX path building failed") && cause.getCause() == null) {
            CertificateException time = validity(cause);
            return time != null
                    ? "the backend's certificate is not valid now (" + time.getMessage() + ")"
                    : "the backend's certificate is not of "
                            + (files.ca().isEmpty()
                                    ? "an authority that the Java runtime trusts; set master.ca"
                                    : "the authority in master.ca, or can't be checked by it")
                            + " (" + message + ")";
        } else if (cause instanceof CertificateException && message.contains(files.peerName())) {
            return "the backend's certificate is for another name than " + files.peerName()
                    + ", see master.server_name (" + message + ")";
        }
        return cause instanceof SSLException ? alert(message.toLowerCase(Locale.ROOT), files) : null;
    }

    private static @Nullable CertificateException validity(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException || cause instanceof CertificateNotYetValidException) {
                return (CertificateException) cause;
            }
        }
        return null;
    }

    /** BoringSSL: {@code …:TLSV1_ALERT_UNKNOWN_CA}; the JDK: {@code Received fatal alert: unknown_ca}. */
    private static @Nullable String alert(String message, MasterTls.Files files) {
        if (!message.contains("alert")) {
            return null;
        } else if (message.contains("certificate")
                || message.contains("unknown_ca")
                || message.contains("unknown ca")) {
            return files.certificate().isEmpty()
                    ? "the backend wants a certificate of this server: set master.certificate and master.key"
                    : "the backend refuses the certificate in master.certificate; is it of the authority that the backend"
                            + " trusts, and still valid?";
        } else if (message.contains("protocol_version")) {
            return "the backend and this server have no version of TLS in common (1.2 and 1.3 are spoken here)";
        }
        return "the backend ended TLS with an alert: " + message;
    }

    private static String innermost(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
