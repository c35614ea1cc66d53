package net.voltlane.server.names;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * The settings of {@code resolv.conf} that look-ups use.
 *
 * @param servers name servers in the order in which they are asked; empty if the file names none
 * @param search domains that are appended to a name
 * @param ndots a name with fewer dots is tried with the search domains first, and as it is last
 */
record ResolvConf(List<InetSocketAddress> servers, List<String> search, int ndots) {
    private static final int PORT = 53;
    /** The C library asks as many. */
    private static final int MOST_SERVERS = 3;

    private static final int MOST_NDOTS = 15;

    /** Parses the lines of a file. Skips what it can't understand, as the C library does. */
    static ResolvConf parse(List<String> lines) {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<String> search = List.of();
        int ndots = 1;
        for (String line : lines) {
            List<String> words = List.of(line.strip().split("\\s+"));
            List<String> values = words.subList(1, words.size());
            switch (words.get(0)) {
                case "nameserver" -> {
                    if (!values.isEmpty() && servers.size() < MOST_SERVERS) {
                        addServer(values.get(0), servers);
                    }
                }
                // The last one of these counts.
                case "search", "domain" ->
                    search = values.stream()
                            .map(ResolvConf::withoutDot)
                            .filter(domain -> !domain.isEmpty())
                            .toList();
                case "options" -> ndots = ndots(values, ndots);
                default -> {} // a comment, or not ours
            }
        }
        return new ResolvConf(List.copyOf(servers), search, ndots);
    }

    private static void addServer(String text, List<InetSocketAddress> servers) {
        // Only what looks like an address, so that the JDK below asks no name server for it.
        if (text.indexOf(':') < 0 && !text.matches("[0-9.]+")) {
            return;
        }
        try {
            servers.add(new InetSocketAddress(InetAddress.getByName(text), PORT));
        } catch (UnknownHostException notAnAddress) {
            // the next one may be
        }
    }

    private static String withoutDot(String domain) {
        return domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    }

    private static int ndots(List<String> options, int before) {
        int ndots = before;
        for (String option : options) {
            if (option.matches("ndots:[0-9]{1,9}")) {
                ndots = Math.min(Integer.parseInt(option.substring("ndots:".length())), MOST_NDOTS);
            }
        }
        return ndots;
    }
}
