package net.voltlane.server.tls;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names in a client's certificate, as the backend gets them. */
final class ClientCertificate {
    /** The key of the subject in Opened's map. */
    static final String SUBJECT = "certificate_subject";
    /** The key of the alternative names. */
    static final String NAMES = "certificate_san";

    /** The longest text of each kind. Names that don't fit are left out whole. */
    private static final int MAX_CHARS = 1_024;

    private static final int EMAIL = 1;
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int IP = 7;

    private ClientCertificate() {}

    /**
     * The subject in the form of RFC 2253, and the alternative names such as {@code DNS:a.example, URI:spiffe://x/y}.
     *
     * @throws CertificateParsingException if it can't be read, or its subject is too long
     */
    static Map<String, String> attributes(X509Certificate certificate) throws CertificateParsingException {
        Map<String, String> attributes = new LinkedHashMap<>();
        String subject = certificate.getSubjectX500Principal().getName();
        if (subject.length() > MAX_CHARS) {
            throw new CertificateParsingException("subject too long");
        }
        attributes.put(SUBJECT, subject);
        String names = names(certificate.getSubjectAlternativeNames());
        if (!names.isEmpty()) {
            attributes.put(NAMES, names);
        }
        return Map.copyOf(attributes);
    }

    /**
     * Checks that the certificate is valid at this moment.
     *
     * @param nowMillis milliseconds since 1970
     */
    static void checkDates(X509Certificate certificate, long nowMillis) throws CertificateException {
        if (nowMillis < certificate.getNotBefore().toInstant().toEpochMilli()) {
            throw new CertificateNotYetValidException("not valid yet");
        } else if (nowMillis > certificate.getNotAfter().toInstant().toEpochMilli()) {
            throw new CertificateExpiredException("expired");
        }
    }

    private static String names(@Nullable Collection<List<?>> all) {
        List<String> names = new ArrayList<>();
        int chars = 0;
        for (List<?> name : all == null ? List.<List<?>>of() : all) {
            String text = kind((Integer) name.get(0)) + name.get(1);
            chars += text.length() + 2;
            if (!text.startsWith("?") && isPlain(text) && chars <= MAX_CHARS) {
                names.add(text);
            }
        }
        return String.join(", ", names);
    }

    private static String kind(int type) {
        return switch (type) {
            case EMAIL -> "email:";
            case DNS -> "DNS:";
            case URI -> "URI:";
            case IP -> "IP:";
            default -> "?";
        };
    }

    /** A comma or a space within a name could pass for the end of it. */
    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ',');
    }
}
