package net.voltlane.client;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the events of a session and calls the program's callbacks. An exception of a callback is logged. An interrupt
 * that a callback leaves behind is cleared, as it would close the next socket that the thread uses. For the
 * supervisor's thread.
 */
final class Events {

    private static final Logger log = LoggerFactory.getLogger(VoltlaneClient.class);

    /** A call of one of the program's callbacks. */
    @FunctionalInterface
    private interface Callback {
        void call() throws Exception;
    }

    private final VoltlaneClient client;
    private final ClientListener listener;

    Events(VoltlaneClient client, ClientListener listener) {
        this.client = client;
        this.listener = listener;
    }

    void connected(SessionState state, boolean isNew) {
        log.debug("Session {} {}", id(state), isNew ? "opened" : "resumed from its saved state");
        call("connected", () -> listener.connected(client, isNew));
    }

    void suspended(SessionState state, IOException cause) {
        log.info("Session {} lost its connection, trying to resume it: {}", id(state), cause.getMessage());
        call("suspended", () -> listener.suspended(client, cause));
    }

    void resumed(SessionState state) {
        log.info("Session {} resumed", id(state));
        call("resumed", () -> listener.resumed(client));
    }

    void refused(SessionState state, ClientException why) {
        log.info("Session {} was not resumed, trying again: {}", id(state), why.getMessage());
        call("resumeRefused", () -> listener.resumeRefused(client, why.reason()));
    }

    void sessionGone(SessionState state, ClientException why, int discarded) {
        log.warn(
                "Session {} is gone: {}; opening a new one, {} not sent",
                id(state),
                why.getMessage(),
                packets(discarded));
        call("sessionGone", () -> listener.sessionGone(client, discarded));
    }

    void closed(SessionState state, ClientException why, int discarded) {
        try {
            if (why.reason() == CloseReason.CLOSED && discarded == 0) {
                log.debug("Session {} closed", id(state));
            } else {
                log.warn("Session {} closed: {}; {} not sent", id(state), why.getMessage(), packets(discarded));
            }
        } finally { // the program is told even if logging fails
            call(
                    "closed",
                    () -> listener.closed(client, why.reason(), why.reason().retryable()));
        }
    }

    void data(PacketHandler handler, byte[] packet) {
        call("onData", () -> handler.handle(client, packet));
    }

    private static String id(SessionState state) {
        return Long.toUnsignedString(state.sessionId());
    }

    private static String packets(int count) {
        return count == 1 ? "1 packet" : count + " packets";
    }

    private void call(String name, Callback callback) {
        try {
            callback.call();
        } catch (Throwable thrown) { // no exception of the program ends the session
            log.error("The program's callback {} failed; the session goes on", name, thrown);
        }
        Thread.interrupted();
    }
}
