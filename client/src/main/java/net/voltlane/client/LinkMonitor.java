package net.voltlane.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import net.voltlane.tcp.DeadPeerDetector;
import net.voltlane.tcp.DeadPeerDetector.Traffic;
import net.voltlane.tcp.KernelSockets;
import net.voltlane.tcp.KernelSockets.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * A monitor that closes a link whose server has vanished while sent data is unacknowledged. It does nothing while
 * nothing is sent. After a write it looks about once a second, on the JDK's common pool, until everything is
 * acknowledged. The client's own threads can't do this, as both may be stuck in the socket. Thread-safe.
 */
final class LinkMonitor {
    private final Link link;
    private final DeadPeerDetector detector;
    private final long timeoutNanos;
    private final Consumer<Link> cut;
    private final Executor later;
    private final Supplier<@Nullable Snapshot> kernel;
    private final Runnable alsoLook;
    private final AtomicBoolean looking = new AtomicBoolean();

    /** @param cut closes the link, and wakes its reader wherever it waits */
    LinkMonitor(Link link, long timeoutNanos, Consumer<Link> cut) {
        this(link, timeoutNanos, cut, KernelSockets::here, () -> {});
    }

    LinkMonitor(Link link, long timeoutNanos, Consumer<Link> cut, Supplier<@Nullable Snapshot> kernel) {
        this(link, timeoutNanos, cut, kernel, () -> {});
    }

    /** @param alsoLook called at each look: a check that the client's threads can't make while they are stuck */
    LinkMonitor(
            Link link, long timeoutNanos, Consumer<Link> cut, Supplier<@Nullable Snapshot> kernel, Runnable alsoLook) {
        this.alsoLook = alsoLook;
        this.link = link;
        this.kernel = kernel;
        this.timeoutNanos = timeoutNanos;
        this.cut = cut;
        detector = new DeadPeerDetector(link.ends(), timeoutNanos);
        later = CompletableFuture.delayedExecutor(detector.lookNanos(), TimeUnit.NANOSECONDS);
    }

    /** Called before each write: starts looking, if that has not begun. */
    void sending() {
        if (!looking.get() && looking.compareAndSet(false, true)) {
            later.execute(this::tryToLook);
        }
    }

    /** Looks; closes the link if looking fails, because a link that is not monitored might never end. */
    private void tryToLook() {
        try {
            look();
        } catch (RuntimeException | Error e) {
            close("the client's look at its connection failed: " + e);
        }
    }

    private void close(String reason) {
        link.close(reason);
        cut.accept(link);
    }

    private void look() {
        if (!link.isOpen()) {
            return;
        }
        alsoLook.run();
        Traffic traffic = link.traffic();
        switch (detector.look(System.nanoTime(), traffic, kernel)) {
            case VANISHED -> {
                long millis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
                close("the server has not acknowledged anything for "
                        + (millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms"));
            }
            case WATCHING -> later.execute(this::tryToLook);
            case QUIET -> {
                looking.set(false);
                // A thread that wrote just before the line above relied on this look to go on.
                Traffic now = link.traffic();
                if (now.writing() || now.sentBytes() != traffic.sentBytes()) {
                    sending();
                }
            }
        }
    }
}
