package net.voltlane.server.config;

/** The versions of TLS. */
public enum TlsVersion {
    /** TLS 1.2 (RFC 5246), with authenticated encryption and forward secrecy only. */
    TLS_1_2("1.2"),
    /** TLS 1.3 (RFC 8446). */
    TLS_1_3("1.3");

    private final String text;

    TlsVersion(String text) {
        this.text = text;
    }

    /** The version as it is written in a configuration. */
    String text() {
        return text;
    }
}
