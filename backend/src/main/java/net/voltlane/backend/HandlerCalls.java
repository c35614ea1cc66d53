package net.voltlane.backend;

import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import net.voltlane.protocol.firehose3.Welcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Calls the application's handler and catches its exceptions: a bug in one call must not break the link of all
 * sessions.
 */
final class HandlerCalls {
    private static final Logger log = LoggerFactory.getLogger(VoltlaneBackend.class);

    /** Characters that are replaced in a log line, so that a server's text can't look like another line. */
    private static final Pattern NOT_PRINTABLE = Pattern.compile("[^ -~]");

    private final Handler handler;
    private final Counters counters;
    private final int wishes;
    private final RateLimitedLog faults;

    HandlerCalls(Handler handler, Counters counters, LongSupplier nanoClock) {
        this.handler = handler;
        this.counters = counters;
        wishes = wishesOf(handler);
        faults = new RateLimitedLog(
                LoggerFactory.getLogger(handler.getClass()), Level.ERROR, "failed calls of the handler", nanoClock);
    }

    /** Returns what has to be wished for in a Welcome. */
    int wishes() {
        return wishes;
    }

    /** Returns the packets that the handler wants: those for methods that it does not override need not be sent. */
    private static int wishesOf(Handler handler) {
        boolean slow = isOverridden(handler, "slow", Session.class, long.class)
                || isOverridden(handler, "ready", Session.class, long.class);
        boolean delivered = isOverridden(handler, "delivered", Session.class, long.class);
        return (slow ? Welcome.SLOW : 0) | (delivered ? Welcome.DELIVERED : 0);
    }

    private static boolean isOverridden(Handler handler, String method, Class<?>... parameters) {
        try {
            return handler.getClass().getMethod(method, parameters).getDeclaringClass() != Handler.class;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException("every handler has it", impossible);
        }
    }

    void data(Session session, byte[] data) {
        try {
            handler.data(session, data);
        } catch (Throwable e) {
            failed("data", session, e);
        }
    }

    void started(Session session) {
        log.debug("Started: {}", session);
        try {
            handler.started(session);
        } catch (Throwable e) {
            failed("started", session, e);
        }
    }

    void reconnected(Session session) {
        log.debug("Reconnected: {}", session);
        try {
            handler.reconnected(session);
        } catch (Throwable e) {
            failed("reconnected", session, e);
        }
    }

    void opened(Session session, ClientInfo client) {
        try {
            handler.opened(session, client);
        } catch (Throwable e) {
            failed("opened", session, e);
        }
    }

    void suspended(Session session, String cause) {
        log.debug("Suspended: {}", session);
        try {
            handler.suspended(session, cause);
        } catch (Throwable e) {
            failed("suspended", session, e);
        }
    }

    void resumed(Session session, String remote, boolean takeover) {
        log.debug("Resumed: {}", session);
        try {
            handler.resumed(session, remote, takeover);
        } catch (Throwable e) {
            failed("resumed", session, e);
        }
    }

    void slow(Session session, long bytes) {
        try {
            handler.slow(session, bytes);
        } catch (Throwable e) {
            failed("slow", session, e);
        }
    }

    void ready(Session session, long bytes) {
        try {
            handler.ready(session, bytes);
        } catch (Throwable e) {
            failed("ready", session, e);
        }
    }

    void delivered(Session session, long count) {
        try {
            handler.delivered(session, count);
        } catch (Throwable e) {
            failed("delivered", session, e);
        }
    }

    void ended(Session session, EndReason reason) {
        if (log.isDebugEnabled()) {
            log.debug(
                    "Ended: {}: {}",
                    session,
                    NOT_PRINTABLE.matcher(reason.text()).replaceAll("?"));
        }
        try {
            handler.ended(session, reason);
        } catch (Throwable e) {
            failed("ended", session, e);
        }
    }

    void attached(Firehose firehose) {
        log.debug("Attached: {}", firehose);
        try {
            handler.attached(firehose);
        } catch (Throwable e) {
            failed("attached", null, e);
        }
    }

    void detached(Firehose firehose, String reason) {
        log.debug("Detached: {}: {}", firehose, reason);
        try {
            handler.detached(firehose, reason);
        } catch (Throwable e) {
            failed("detached", null, e);
        }
    }

    void writable(Firehose firehose) {
        try {
            handler.writable(firehose);
        } catch (Throwable e) {
            failed("writable", null, e);
        }
    }

    /** Tells the handler that one of the backend's own threads has died. */
    void died(Throwable cause) {
        try {
            handler.failed(null, cause);
        } catch (Throwable e) {
            faults.add("failed()", e);
        }
    }

    private void failed(String method, @Nullable Session session, Throwable error) {
        counters.handlerFailures.increment();
        faults.add(method + "()" + (session == null ? "" : " about " + session), error);
        try {
            handler.failed(session, error);
        } catch (Throwable e) {
            faults.add("failed()", e);
        }
    }
}
