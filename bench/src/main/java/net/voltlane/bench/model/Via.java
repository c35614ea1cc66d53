package net.voltlane.bench.model;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The transport by which clients reach a server.
 *
 * @param kind TCP with TLS and a WebSocket or without, or a Unix socket
 * @param host the name that the server's certificate has to bear; empty for plain TCP
 * @param authority host and port, as a WebSocket names them; empty for others
 * @param path of a WebSocket, with a leading slash; empty for others
 * @param files of TLS
 * @param resumes whether a client that opens a new session resumes the TLS session of its last link
 */
public record Via(Kind kind, String host, String authority, String path, Files files, boolean resumes) {

    /** Plain TCP. */
    public static final Via TCP = new Via(Kind.TCP, "", "", "", Files.NONE);

    /** With full handshakes of TLS for new sessions. */
    public Via(Kind kind, String host, String authority, String path, Files files) {
        this(kind, host, authority, path, files, false);
    }

    /** A Unix socket. */
    public static final Via UNIX = new Via(Kind.UNIX, "", "", "", Files.NONE);

    /** The kinds of transports. */
    public enum Kind {
        TCP,
        UNIX,
        TLS,
        WS,
        WSS;

        /** Tells whether there is TLS. */
        public boolean isSecure() {
            return this == TLS || this == WSS;
        }

        /** Tells whether there is a WebSocket. */
        public boolean isWebSocket() {
            return this == WS || this == WSS;
        }

        /** The word that an address begins with. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The files of TLS, in PEM.
     *
     * @param authorities that may sign the server's certificate; null for those of the JDK
     * @param certificate of the clients; null for none
     * @param key of that certificate
     */
    public record Files(
            @Nullable Path authorities,
            @Nullable Path certificate,
            @Nullable Path key) {

        /** No files. */
        public static final Files NONE = new Files(null, null, null);
    }

    /** Shows an address with this transport. */
    public String text(String address) {
        if (kind == Kind.UNIX) {
            return kind.word() + ":" + address;
        }
        return kind == Kind.TCP ? address : kind.word() + "://" + address + path;
    }
}
