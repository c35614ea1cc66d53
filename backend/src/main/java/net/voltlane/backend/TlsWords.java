package net.voltlane.backend;

/** The reason why a handshake of TLS failed, in words that say what to mend at the server. */
final class TlsWords {
    private TlsWords() {}

    /**
     * Returns the words.
     *
     * @param why the message of the JDK's exception
     */
    static String of(String why) {
        if (why.contains("Empty client certificate chain")) {
            return "the server has shown no certificate: set master.certificate and master.key there";
        } else if (why.contains("expired") || why.contains("NotAfter") || why.contains("validity check failed")) {
            return "the certificate of the server, or of its authority, has expired, or is not valid yet (" + why + ")";
        } else if (why.contains("PKIX")) {
            return "the certificate in master.certificate of the server is not of the authority that is required here ("
                    + why + ")";
        } else if (why.contains("alert")) {
            return "the server refuses it, and its log says why (" + why + ")";
        } else if (why.contains("SSL message") || why.contains("not an SSL")) {
            return "the peer speaks no TLS (has the server master.tls = true?)";
        }
        return why;
    }
}
