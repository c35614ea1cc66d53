package net.voltlane.client;

import java.net.IDN;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;

/**
 * The names by which a client asks for a server in TLS (SNI, RFC 6066). The JDK by itself sends no name without a dot,
 * although a server inside a container network or a test often has one.
 */
final class ServerNames {

    private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");

    private ServerNames() {}

    /** Returns the name to ask for, in ASCII; empty for an address of IP, and what the JDK takes for no name. */
    static Optional<SNIHostName> of(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (name.isEmpty() || name.indexOf(':') >= 0 || NUMBERS.matcher(name).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SNIHostName(name));
        } catch (IllegalArgumentException e) { // with an underscore, for one: the JDK sends no such name
            return Optional.empty();
        }
    }

    /**
     * Returns a name as it stands in protocols (Punycode).
     *
     * @throws IllegalArgumentException if a part of it is too long
     */
    static String ascii(String name) {
        return name.chars().allMatch(c -> c < 0x80) ? name : IDN.toASCII(name);
    }
}
