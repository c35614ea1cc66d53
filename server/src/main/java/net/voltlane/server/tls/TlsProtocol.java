package net.voltlane.server.tls;

/** The protocols inside TLS that a client can ask for by ALPN (RFC 7301). */
public enum TlsProtocol {
    /** Frames of Voltlane. */
    VOLTLANE("voltlane"),
    /** HTTP/1.1, the protocol that a WebSocket begins with. */
    HTTP("http/1.1");

    private final String alpn;

    TlsProtocol(String alpn) {
        this.alpn = alpn;
    }

    /** The name of the protocol in ALPN. */
    String alpn() {
        return alpn;
    }
}
