package net.voltlane.client;

import java.io.IOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the program's callbacks, and keeps what they do to themselves: whatever they throw is logged, and an interrupt that they
 * leave behind is cleared, as it would close the next socket that the thread touches. On the keeper's thread.
 */
final class Events {

    private static final Logger log = LoggerFactory.getLogger(VoltlaneClient.class);

    private final ClientListener listener;

    Events(ClientListener listener) {
        this.listener = listener;
    }

    void connected(SessionState state, boolean isNew) {
        log.debug("connected: {}{}", state, isNew ? ", new" : "");
        call("connected", () -> listener.connected(state.sessionId(), isNew));
    }

    void suspended(SessionState state, IOException cause) {
        log.info("suspended: {}: {}", state, cause.getMessage());
        call("suspended", () -> listener.suspended(cause));
    }

    void resumed(SessionState state) {
        log.info("resumed: {}", state);
        call("resumed", listener::resumed);
    }

    void sessionGone(SessionState state, int discarded) {
        log.warn("session gone: {}, {} packets to be sent were discarded; a new session is opened", state, discarded);
        call("sessionGone", () -> listener.sessionGone(discarded));
    }

    void closed(SessionState state, ClientException why, int discarded) {
        if (why.reason() == CloseReason.CLOSED && discarded == 0) {
            log.debug("closed: {}", state);
        } else {
            log.warn("closed: {}: {}; {} packets were not sent", state, why.getMessage(), discarded);
        }
        call("closed", () -> listener.closed(why.reason(), why.reason().retryable()));
    }

    void data(Consumer<byte[]> handler, byte[] packet) {
        call("onData", () -> handler.accept(packet));
    }

    private void call(String callback, Runnable body) {
        try {
            body.run();
        } catch (Throwable thrown) { // whatever it is, the session lives on
            log.error("the callback {} failed", callback, thrown);
        }
        Thread.interrupted();
    }
}
