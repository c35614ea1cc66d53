package net.voltlane.client;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** The meaning of a failure of TLS for a program. */
final class TlsFailures {

    private static final int MAX_CAUSES = 16;
    private static final String NO_NAME = "Illegal given domain name: ";
    private static final String ALERT = "Received fatal alert: ";

    private TlsFailures() {}

    /** Returns the exception for a failure in TLS's handshake, or right after it. */
    static ClientException of(SSLException failure, ServerAddress address) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
            if (cause instanceof CertificateException certificate) {
                return of(certificate, failure, address);
            }
            cause = cause.getCause();
        }
        return new TlsException("no TLS with " + address + ": " + said(failure), failure);
    }

    /**
     * Returns the exception for a link that broke in a handshake: in TLS 1.3 a server refuses a client's certificate only
     * then.
     */
    static ClientException hungUp(String message, IOException cause) {
        return cause instanceof SSLException refused
                ? new TlsException("TLS has failed: " + said(refused), refused)
                : new HungUpException(message, cause);
    }

    private static ClientException of(CertificateException why, SSLException failure, ServerAddress address) {
        if (isAboutName(why)) {
            return new ServerCertificateException(
                    CloseReason.CERTIFICATE_WRONG_NAME,
                    "the certificate of " + address + " is that of another host: " + why.getMessage(),
                    failure);
        }
        String message = String.valueOf(why.getMessage());
        if (message.startsWith(NO_NAME)) {
            return new ServerCertificateException(
                    CloseReason.CERTIFICATE_WRONG_NAME,
                    "the certificate of " + address + " can't be checked: no certificate bears a name such as "
                            + message.substring(NO_NAME.length())
                            + " (expected: letters, digits, hyphens and dots; ClientTls.withServerName sets another)",
                    failure);
        }
        return new ServerCertificateException(
                CloseReason.CERTIFICATE_NOT_TRUSTED,
                "the certificate of " + address + " is not trusted: " + reason(why),
                failure);
    }

    /**
     * Tells whether the JDK's check of names has failed. It has no exception of its own for that, so its words count: a
     * trust manager of the program's may throw the same type for any reason.
     */
    private static boolean isAboutName(CertificateException why) {
        String message = String.valueOf(why.getMessage());
        return message.startsWith("No subject alternative ") || message.startsWith("No name matching ");
    }

    /** Returns the innermost message, which is the one for people: the others name checks of the JDK. */
    private static String reason(CertificateException why) {
        Throwable last = why;
        for (int i = 0; last.getCause() != null && i < MAX_CAUSES; i++) {
            last = last.getCause();
        }
        if (last instanceof CertPathBuilderException) {
            return "no trusted authority has signed it";
        }
        String message = String.valueOf(last.getMessage());
        return last instanceof CertPathValidatorException && message.contains("expired") ? "it has expired" : message;
    }

    /** Returns the meaning of an alert of the server's. */
    private static String alert(String name) {
        return switch (name) {
            case "certificate_required", "bad_certificate" ->
                "the server asks for a certificate of this client: none was given, or the server does not trust its"
                        + " authority (" + name + ")";
            case "certificate_expired" -> "the server refuses the certificate of this client: it has expired";
            case "unknown_ca" -> "the server does not know the authority that signed the certificate of this client";
            default -> "the server refuses (" + name + ")";
        };
    }

    private static String said(SSLException failure) {
        String message = String.valueOf(failure.getMessage());
        int alert = message.indexOf(ALERT);
        if (alert >= 0) {
            return alert(message.substring(alert + ALERT.length()));
        }
        if (message.toLowerCase(Locale.ROOT).contains("unrecognized ssl message")) {
            return "the server does not speak TLS there";
        }
        return message;
    }
}
