package net.voltlane.server.names;

import io.netty.resolver.HostsFileEntriesProvider;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The machine's hosts file, read anew for each look-up, and {@code localhost}. */
final class HostsFile {
    private static final String LOCALHOST = "localhost";

    private HostsFile() {}

    /** The addresses of {@code host}, IPv4 first; empty if the file does not name it. Blocks, so not for a loop. */
    static List<InetAddress> find(Path file, String host) {
        String name = host.toLowerCase(Locale.ROOT);
        HostsFileEntriesProvider entries =
                HostsFileEntriesProvider.parser().parseSilently(file.toFile(), StandardCharsets.UTF_8);
        List<InetAddress> found = new ArrayList<>(entries.ipv4Entries().getOrDefault(name, List.of()));
        found.addAll(entries.ipv6Entries().getOrDefault(name, List.of()));
        if (isLocalhost(name)) {
            addIfMissing(new byte[] {127, 0, 0, 1}, found);
            addIfMissing(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, found);
        }
        return found;
    }

    /** True for names that mean this machine, in both families, whatever a file or a name server says (RFC 6761, 6.3). */
    private static boolean isLocalhost(String name) {
        return name.equals(LOCALHOST) || name.endsWith("." + LOCALHOST);
    }

    private static void addIfMissing(byte[] address, List<InetAddress> found) {
        InetAddress loopback = Literals.of(address);
        if (!found.contains(loopback)) {
            found.add(loopback);
        }
    }
}
