package net.voltlane.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import net.voltlane.tcp.unix.UnixSocketFile;

/**
 * A host and a port, or the path of a Unix socket, as written in a configuration. Nothing is resolved here: a name is
 * looked up when it is used.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets; of a Unix socket its path, which begins with
 *     a slash
 * @param port 0 to 65535; of a Unix socket 0
 */
public record Address(String host, int port) {

    private static final int MAX_PORT = 65_535;
    private static final String UNIX = "unix:";

    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_-][\\p{L}\\p{N}._-]{0,254}");

    /**
     * Reads {@code host:port} or {@code unix:/path}. The last colon parts the port, so an IPv6 address may come with or without brackets:
     * {@code [::1]:42000} and {@code ::1:42000} are the same. The path of a Unix socket is absolute, and at most 103
     * bytes long.
     *
     * @throws IllegalArgumentException if it is not such a text; the message says what is expected
     */
    public static Address parse(String text) {
        if (text.startsWith(UNIX)) {
            return new Address(path(text.substring(UNIX.length())), 0);
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("expected host:port");
        }
        return new Address(host(text.substring(0, colon)), port(text.substring(colon + 1)));
    }

    /** True if this is the path of a Unix socket. */
    public boolean isUnix() {
        return host.startsWith("/");
    }

    /** True if two sockets can't listen on both: the port is the same, and no host keeps them apart. */
    boolean overlaps(Address other) {
        return port != 0
                && port == other.port
                && (host.equalsIgnoreCase(other.host) || covers(other) || other.covers(this));
    }

    /** Every address of this machine, of IPv4 alone or of both. */
    private boolean covers(Address other) {
        return host.equals("::") || host.equals("0.0.0.0") && other.host.indexOf(':') < 0;
    }

    /** {@code host:port}, an IPv6 address in brackets, or {@code unix:/path}; {@link #parse} reads it back. */
    @Override
    public String toString() {
        if (isUnix()) {
            return UNIX + host;
        }
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private static String path(String text) {
        if (!UnixSocketFile.isPath(text, UnixSocketFile.MAX_PATH_BYTES)) {
            throw new IllegalArgumentException(
                    "expected unix: and an absolute path of at most " + UnixSocketFile.MAX_PATH_BYTES + " bytes");
        }
        return text;
    }

    private static String host(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String host = bracketed ? text.substring(1, text.length() - 1) : text;
        boolean colons = host.indexOf(':') >= 0;
        if (colons ? !isIpv6(host) : bracketed || !isName(host)) {
            throw new IllegalArgumentException("expected host:port");
        }
        return host;
    }

    private static boolean isIpv6(String host) {
        int zone = host.indexOf('%');
        if (zone == 0 || zone == host.length() - 1) {
            return false;
        }
        try {
            // In brackets the JDK takes it for an address and never asks a name server. The zone (%eth0) is left out,
            // as the JDK would insist on an interface of that name on this machine.
            InetAddress.getByName("[" + (zone < 0 ? host : host.substring(0, zone)) + "]");
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isName(String host) {
        if (NUMBERS.matcher(host).matches()) {
            return IPV4.matcher(host).matches();
        }
        return NAME.matcher(host).matches();
    }

    private static int port(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : -1;
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("expected a port from 0 to " + MAX_PORT);
        }
        return port;
    }
}
