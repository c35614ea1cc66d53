package net.voltlane.protocol;

import java.util.Locale;

/** Words for a port on which the process cannot listen: the reason, and the remedy. */
public final class ListenWords {
    private static final int FIRST_FREE_FOR_ALL = 1024;

    private ListenWords() {}

    /**
     * Returns the system's words for the reason, and the remedy if there is one.
     *
     * @param port the port that could not be had
     */
    public static String of(Throwable thrown, int port) {
        String words = SystemWords.of(thrown);
        String lower = words.toLowerCase(Locale.ROOT);
        if (lower.contains("address already in use")) {
            return words
                    + ": another program listens there, or an outgoing connection was given the port; `ss -ltnp` and"
                    + " `ss -tnp` show which one has :" + port
                    + ". To keep the port free of outgoing connections: sysctl net.ipv4.ip_local_reserved_ports="
                    + port;
        } else if (lower.contains("permission denied") && port < FIRST_FREE_FOR_ALL) {
            return words + ": ports below " + FIRST_FREE_FOR_ALL
                    + " need root or the capability CAP_NET_BIND_SERVICE; take a higher one";
        } else if (lower.contains("assign requested address")) {
            return words + ": this machine has no such address; 0.0.0.0 listens on all of IPv4, [::] on all";
        }
        return words;
    }
}
