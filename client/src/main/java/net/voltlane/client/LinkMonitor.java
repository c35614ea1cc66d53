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
 * Notices that the server of one link has vanished while something is on its way to it. Nothing is done as long as
 * nothing is sent; after that there is a look a second, on the JDK's common pool, until all is acknowledged. Neither of
 * the client's own threads could look: both may be stuck in the socket.
 */
final class LinkMonitor {
    private final Link link;
    private final DeadPeerDetector watch;
    private final long timeoutNanos;
    private final Consumer<Link> cut;
    private final Executor later;
    private final Supplier<@Nullable Snapshot> kernel;
    private final AtomicBoolean looking = new AtomicBoolean();

    /** @param cut closes the link, and lets its reader go wherever that waits */
    LinkMonitor(Link link, long timeoutNanos, Consumer<Link> cut) {
        this(link, timeoutNanos, cut, KernelSockets::here);
    }

    LinkMonitor(Link link, long timeoutNanos, Consumer<Link> cut, Supplier<@Nullable Snapshot> kernel) {
        this.link = link;
        this.kernel = kernel;
        this.timeoutNanos = timeoutNanos;
        this.cut = cut;
        watch = new DeadPeerDetector(link.ends(), timeoutNanos);
        later = CompletableFuture.delayedExecutor(watch.lookNanos(), TimeUnit.NANOSECONDS);
    }

    /** Something is about to be sent. */
    void sending() {
        if (!looking.get() && looking.compareAndSet(false, true)) {
            later.execute(this::tryToLook);
        }
    }

    /** A link that nobody watches might never end. */
    private void tryToLook() {
        try {
            look();
        } catch (RuntimeException | Error e) {
            giveUp("the client's look at its connection failed: " + e);
        }
    }

    private void giveUp(String reason) {
        link.giveUp(reason);
        cut.accept(link);
    }

    private void look() {
        if (!link.isOpen()) {
            return;
        }
        Traffic traffic = link.traffic();
        switch (watch.look(System.nanoTime(), traffic, kernel)) {
            case VANISHED -> {
                long millis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
                giveUp("the server has not acknowledged anything for "
                        + (millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms"));
            }
            case WATCHING -> later.execute(this::tryToLook);
            case QUIET -> {
                looking.set(false);
                // Whoever wrote just before that relied on this look.
                Traffic now = link.traffic();
                if (now.writing() || now.sentBytes() != traffic.sentBytes()) {
                    sending();
                }
            }
        }
    }
}
