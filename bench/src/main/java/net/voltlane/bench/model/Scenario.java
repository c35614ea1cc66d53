package net.voltlane.bench.model;

import org.jspecify.annotations.Nullable;

/** The kinds of measurement. */
public enum Scenario {
    /** Clients send, the backend echoes, every echo is checked. */
    ECHO("echo", "messages from every client and back, all checked"),
    /** The backend sends each message to every client. */
    FAN_OUT("fan-out", "the backend sends each message to every client"),
    /** New sessions, one after the other, a bounded number under way. */
    CONNECT_STORM("connect-storm", "new sessions, as fast as they come"),
    /** Every link is cut, then all sessions are resumed. */
    RESUME_STORM("resume-storm", "all links cut, all sessions resumed"),
    /** Handshakes of TLS, with nothing behind them. */
    TLS_STORM("tls-storm", "handshakes of TLS, as fast as they come"),
    /** Clients that are connected and send nothing. */
    IDLE("idle", "clients that hold still: memory, and whether they stay"),
    /** A client that does not read, among many that echo. */
    STALLED("stalled", "one client that does not read, among many that echo");

    private final String word;
    private final String summary;

    Scenario(String word, String summary) {
        this.word = word;
        this.summary = summary;
    }

    /** Its name on a command line and in JSON. */
    public String word() {
        return word;
    }

    /** A description in a few words. */
    public String summary() {
        return summary;
    }

    /** True if the backend has to do more than echo, so that it must be the bench's own. */
    public boolean needsOwnBackend() {
        return this == FAN_OUT || this == STALLED;
    }

    /** True if it measures how links begin, not messages. */
    public boolean isStorm() {
        return this == CONNECT_STORM || this == RESUME_STORM || this == TLS_STORM;
    }

    /** The scenario of a word, or null if there is none. */
    public static @Nullable Scenario of(String word) {
        for (Scenario scenario : values()) {
            if (scenario.word.equals(word)) {
                return scenario;
            }
        }
        return null;
    }
}
