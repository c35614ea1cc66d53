package net.voltlane.backend;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Calls the application's handler, and takes what it throws: a bug in one call must not cost the others their link. */
final class HandlerCalls {
    private final Handler handler;
    private final Counters counters;
    private final FaultLog faults;

    HandlerCalls(Handler handler, Counters counters, LongSupplier nanoClock) {
        this.handler = handler;
        this.counters = counters;
        faults = new FaultLog(
                LoggerFactory.getLogger(handler.getClass()),
                Level.ERROR,
                "calls of the handler have failed",
                nanoClock);
    }

    void data(Session session, byte[] data) {
        try {
            handler.data(session, data);
        } catch (Throwable e) {
            failed("data", session, e);
        }
    }

    void started(Session session) {
        try {
            handler.started(session);
        } catch (Throwable e) {
            failed("started", session, e);
        }
    }

    void reconnected(Session session) {
        try {
            handler.reconnected(session);
        } catch (Throwable e) {
            failed("reconnected", session, e);
        }
    }

    void ended(Session session, EndReason reason) {
        try {
            handler.ended(session, reason);
        } catch (Throwable e) {
            failed("ended", session, e);
        }
    }

    void attached(Firehose firehose) {
        try {
            handler.attached(firehose);
        } catch (Throwable e) {
            failed("attached", null, e);
        }
    }

    void detached(Firehose firehose, String reason) {
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

    private void failed(String method, @Nullable Session session, Throwable error) {
        counters.handlerFailures.increment();
        faults.add(method + (session == null ? "" : " about " + session), error);
        try {
            handler.failed(session, error);
        } catch (Throwable e) {
            faults.add("failed", e);
        }
    }
}
