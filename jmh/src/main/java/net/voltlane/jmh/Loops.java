package net.voltlane.jmh;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The session loop and the clients' loop, which may be the same. They run when the thread that made them says so. */
record Loops(ManualIoEventLoop session, ManualIoEventLoop client) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static Loops of(int count) {
        ManualIoEventLoop session = newLoop();
        return new Loops(session, count == 1 ? session : newLoop());
    }

    private static ManualIoEventLoop newLoop() {
        return new ManualIoEventLoop(Thread.currentThread(), LocalIoHandler.newFactory());
    }

    /** The end of a tick: what was read is handed over and written, whichever loop it began on. */
    void run() {
        client.runNow();
        if (client != session) {
            session.runNow();
            client.runNow();
        }
    }

    /** In the middle of a tick of the clients' loop: the session loop, which runs at the same time, keeps up. */
    void keepUp() {
        if (client != session) {
            session.runNow();
        }
    }

    /** Runs until something is there that another thread has to do. */
    void runUntil(BooleanSupplier isThere, String what) {
        long start = System.nanoTime();
        while (!isThere.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException(what + " did not come");
            }
            run();
            Thread.onSpinWait();
        }
    }
}
