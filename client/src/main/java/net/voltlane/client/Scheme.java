package net.voltlane.client;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The transport that an address names. */
enum Scheme {
    TCP(0, ""),
    /** The socket of a file on this machine. */
    UNIX(0, ""),
    /** TCP inside TLS. */
    TLS(0, "voltlane"),
    /** WebSocket. */
    WS(80, ""),
    /** WebSocket inside TLS. */
    WSS(443, "http/1.1");

    private final int defaultPort;
    private final String application;

    Scheme(int defaultPort, String application) {
        this.defaultPort = defaultPort;
        this.application = application;
    }

    /** Returns the port of an address that names none; 0 if it must name one. */
    int defaultPort() {
        return defaultPort;
    }

    /** Returns the name of the protocol inside TLS (RFC 7301). */
    String application() {
        return application;
    }

    boolean isSecure() {
        return this == TLS || this == WSS;
    }

    boolean isWebSocket() {
        return this == WS || this == WSS;
    }

    /** Finds the scheme of an address with host and port by its name; null if there is none. */
    static @Nullable Scheme of(String name) {
        for (Scheme scheme : values()) {
            if (scheme != UNIX && scheme.text().equals(name.toLowerCase(Locale.ROOT))) {
                return scheme;
            }
        }
        return null;
    }

    /** Returns the name as it stands in an address. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
