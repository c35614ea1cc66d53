package net.voltlane.cli.demo;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The transports of the demo's clients. */
public enum Transports {
    /** Plain TCP. */
    TCP("TCP sockets", "listener"),
    /** WebSockets. */
    WS("WebSockets", "websocket"),
    /** Half of the clients over each. */
    MIXED("TCP sockets and WebSockets", "listener", "websocket");

    private final String words;
    private final List<String> listeners;

    Transports(String words, String... listeners) {
        this.words = words;
        this.listeners = List.of(listeners);
    }

    /** Returns the transports of a word of the command line; null if there are none. */
    public static @Nullable Transports of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElse(null);
    }

    /** Returns what the demo calls them. */
    String words() {
        return words;
    }

    /** Returns the names of the server's listeners that clients connect to. */
    List<String> listeners() {
        return listeners;
    }

    boolean areWebSocketToo() {
        return this != TCP;
    }
}
