package net.voltlane.cli;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final String UNIX = "unix:";
    private static final String AFTER_SCHEME = "://";
    private static final Pattern PATH_BEGINS = Pattern.compile("[/?]");
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /**
     * Reads an address. Host and port are those that {@link Address#parse} takes: names may have underscores or letters
     * outside ASCII, which {@link java.net.URI} has no host for.
     *
     * @throws IllegalArgumentException if it is not an address
     */
    static ServerUrl parse(String text) {
        if (text.startsWith(UNIX)) {
            return new ServerUrl(Via.Kind.UNIX, Address.parse(text).host(), 0, "");
        }
        int at = text.indexOf(AFTER_SCHEME);
        if (at < 0) {
            return of(Via.Kind.TCP, text, "");
        }
        Via.Kind kind = Via.Kind.valueOf(text.substring(0, at).toUpperCase(Locale.ROOT));
        String rest = text.substring(at + AFTER_SCHEME.length());
        return kind.isWebSocket() ? ofWebSocket(kind, rest) : of(kind, rest, "");
    }

    private static ServerUrl ofWebSocket(Via.Kind kind, String text) {
        Matcher path = PATH_BEGINS.matcher(text);
        int end = path.find() ? path.start() : text.length();
        String authority = text.substring(0, end);
        boolean hasPort = authority.indexOf(':') >= 0 && !authority.endsWith("]");
        return of(
                kind,
                hasPort ? authority : authority + ":" + (kind.isSecure() ? HTTPS : HTTP),
                text.startsWith("/", end) ? text.substring(end) : "/" + text.substring(end));
    }

    private static ServerUrl of(Via.Kind kind, String authority, String path) {
        Address address = Address.parse(authority);
        boolean isPath = path.chars().allMatch(c -> c > ' ' && c <= '~' && c != '#');
        if (kind == Via.Kind.UNIX || address.isUnix() || address.port() == 0 || !isPath) {
            throw new IllegalArgumentException(authority + path);
        }
        return new ServerUrl(kind, address.host(), address.port(), path);
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
