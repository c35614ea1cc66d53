package net.voltlane.backend;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import net.voltlane.protocol.firehose3.Attributes;
import net.voltlane.protocol.firehose3.Opened;
import org.jspecify.annotations.Nullable;

/**
 * The facts about a client that a server tells when it opens a session on a firehose 3.
 *
 * @param remote the client's address and port, such as {@code 203.0.113.7:51000}; empty if the server does not tell
 * @param local the server's address and port on the client's link; empty if the server does not tell
 * @param transport the kind of the client's link, such as {@code tcp}; empty if the server does not tell
 * @param certificateSubject the subject of the certificate that the client has shown in TLS when it opened the session, in the
 *     form of RFC 2253, such as {@code CN=device 7,O=Example}; empty if it has shown none. The server has checked it
 * @param certificateNames the alternative names in that certificate, each behind its kind: {@code DNS:}, {@code IP:},
 *     {@code URI:} or {@code email:}
 * @param protocol the protocol version that the client speaks: 2 or 3; 0 if the server does not tell
 * @param credentials the bytes that the client sent when it opened the session, at most 4096; null if it sent none. They are
 *     secret, and nobody has checked them
 * @param existing true if the session is older than this backend process: the server had opened it to another one before
 * @param suspended true if the client has no connection at present
 */
public record ClientInfo(
        String remote,
        String local,
        String transport,
        String certificateSubject,
        List<String> certificateNames,
        int protocol,
        byte @Nullable [] credentials,
        boolean existing,
        boolean suspended) {

    private static final String BETWEEN_NAMES = ", ";

    static ClientInfo of(Opened opened) {
        Attributes attributes = opened.attributes();
        return new ClientInfo(
                text(attributes, Attributes.REMOTE),
                text(attributes, Attributes.LOCAL),
                text(attributes, Attributes.TRANSPORT),
                text(attributes, Attributes.CERTIFICATE_SUBJECT),
                names(text(attributes, Attributes.CERTIFICATE_NAMES)),
                protocol(text(attributes, Attributes.PROTOCOL)),
                attributes.get(Attributes.CREDENTIALS),
                opened.existing(),
                opened.suspended());
    }

    private static String text(Attributes attributes, String name) {
        String text = attributes.text(name);
        return text == null ? "" : text;
    }

    private static List<String> names(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split(BETWEEN_NAMES));
    }

    private static int protocol(String text) {
        return text.length() == 1 && Character.isDigit(text.charAt(0)) ? text.charAt(0) - '0' : 0;
    }

    /**
     * Tells whether the other has the same facts, with the same credentials.
     *
     * @param other any object
     */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClientInfo that
                && remote.equals(that.remote)
                && local.equals(that.local)
                && transport.equals(that.transport)
                && certificateSubject.equals(that.certificateSubject)
                && certificateNames.equals(that.certificateNames)
                && protocol == that.protocol
                && Arrays.equals(credentials, that.credentials)
                && existing == that.existing
                && suspended == that.suspended;
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                remote,
                local,
                transport,
                certificateSubject,
                certificateNames,
                protocol,
                Arrays.hashCode(credentials),
                existing,
                suspended);
    }

    /** Returns a text for logs, without the credentials. */
    @Override
    public String toString() {
        return "ClientInfo[remote=" + remote + ", local=" + local + ", transport=" + transport
                + ", certificateSubject=" + certificateSubject + ", certificateNames=" + certificateNames
                + ", protocol="
                + protocol + ", credentials=" + (credentials == null ? "none" : credentials.length + " bytes")
                + ", existing=" + existing + ", suspended=" + suspended + "]";
    }
}
