package net.voltlane.cli;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.util.Locale;
import net.voltlane.bench.model.Via;
import net.voltlane.server.config.Address;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The address of a server on the command line, with the transport by which it is reached.
 *
 * @param kind the transport
 * @param host a name or an address, without brackets; of a Unix socket the path of its file
 * @param port 1 to 65535; 0 for a Unix socket
 * @param path of a WebSocket, with a leading slash; empty for others
 */
record ServerUrl(Via.Kind kind, String host, int port, String path) {

    private static final int MAX_PORT = 65_535;
    private static final String UNIX = "unix:";
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /** @throws IllegalArgumentException if it is not an address */
    static ServerUrl parse(String text) {
        if (text.startsWith(UNIX)) {
            return new ServerUrl(Via.Kind.UNIX, Address.parse(text).host(), 0, "");
        }
        try {
            URI uri = new URI(text.contains("://") ? text : "tcp://" + text);
            Via.Kind kind = Via.Kind.valueOf(uri.getScheme().toUpperCase(Locale.ROOT));
            if (kind == Via.Kind.UNIX) {
                throw new IllegalArgumentException(text);
            }
            String host = uri.getHost();
            String path = uri.getRawPath();
            String query = uri.getRawQuery();
            int port = uri.getPort() >= 0 ? uri.getPort() : kind.isWebSocket() ? kind.isSecure() ? HTTPS : HTTP : 0;
            boolean hasPath = !path.isEmpty() || query != null;
            if (host == null
                    || port < 1
                    || port > MAX_PORT
                    || uri.getRawUserInfo() != null
                    || uri.getRawFragment() != null
                    || hasPath && !kind.isWebSocket()) {
                throw new IllegalArgumentException(text);
            }
            String whole = (path.isEmpty() && kind.isWebSocket() ? "/" : path) + (query == null ? "" : "?" + query);
            return new ServerUrl(kind, host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port, whole);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** Returns how clients of a bench reach it. */
    Via via(Via.Files files, boolean resumes) {
        if (kind == Via.Kind.UNIX && !resumes) {
            return Via.UNIX;
        }
        return kind == Via.Kind.TCP && !resumes ? Via.TCP : new Via(kind, host, authority(), path, files, resumes);
    }

    /** Returns the address to connect to; a name is looked up. */
    SocketAddress socket() {
        return kind == Via.Kind.UNIX ? UnixDomainSocketAddress.of(host) : new InetSocketAddress(host, port);
    }

    private String authority() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** Returns the address as the client SDK takes it. */
    @Override
    public String toString() {
        if (kind == Via.Kind.UNIX) {
            return UNIX + host;
        }
        return (kind == Via.Kind.TCP ? "" : kind.word() + "://") + authority() + path;
    }

    /** Such an address as picocli takes it. */
    static final class Converter implements ITypeConverter<ServerUrl> {

        @Override
        public ServerUrl convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "'" + text + "' (expected: host:port, such as 127.0.0.1:42000 or [::1]:42000, or with"
                                + " tls://, ws:// or wss:// in front, or unix:/path)");
            }
        }
    }
}
