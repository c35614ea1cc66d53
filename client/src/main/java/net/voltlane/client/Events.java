package net.voltlane.client;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the program's callbacks, and keeps what they do to themselves: whatever they throw is logged, and an interrupt
 * that they leave behind is cleared, as it would close the next socket that the thread touches. On the keeper's thread.
 */
final class Events {

    private static final Logger log = LoggerFactory.getLogger(VoltlaneClient.class);

    /** A call of the program. */
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
        log.debug("connected: {}{}", state, isNew ? ", new" : "");
        call("connected", () -> listener.connected(client, isNew));
    }

    void suspended(SessionState state, IOException cause) {
        log.info("suspended: {}: {}", state, cause.getMessage());
        call("suspended", () -> listener.suspended(client, cause));
    }

    void resumed(SessionState state) {
        log.info("resumed: {}", state);
        call("resumed", () -> listener.resumed(client));
    }

    void sessionGone(SessionState state, int discarded) {
        log.warn("session gone: {}, {} packets to be sent were discarded; a new session is opened", state, discarded);
        call("sessionGone", () -> listener.sessionGone(client, discarded));
    }

    void closed(SessionState state, ClientException why, int discarded) {
        if (why.reason() == CloseReason.CLOSED && discarded == 0) {
            log.debug("closed: {}", state);
        } else {
            log.warn("closed: {}: {}; {} packets were not sent", state, why.getMessage(), discarded);
        }
        call("closed", () -> listener.closed(client, why.reason(), why.reason().retryable()));
    }

    void data(PacketHandler handler, byte[] packet) {
        call("onData", () -> handler.handle(client, packet));
    }

    private void call(String name, Callback callback) {
        try {
            callback.call();
        } catch (Throwable thrown) { // whatever it is, the session lives on
            log.error("the callback {} failed", name, thrown);
        }
        Thread.interrupted();
    }
}
