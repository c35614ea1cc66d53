package net.voltlane.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import net.voltlane.tcp.KernelSockets;
import net.voltlane.tcp.PeerWatch;
import net.voltlane.tcp.PeerWatch.Traffic;

/**
 * Notices that the server of one link has vanished while something is on its way to it. Nothing is done as long as
 * nothing is sent; after that there is a look a second, on the JDK's common pool, until all is acknowledged. Neither of
 * the client's own threads could look: both may be stuck in the socket.
 */
final class LinkWatch {
    private final Link link;
    private final PeerWatch watch;
    private final long timeoutNanos;
    private final Consumer<Link> cut;
    private final Executor later;
    private final AtomicBoolean looking = new AtomicBoolean();

    /** @param cut closes the link, and lets its reader go wherever that waits */
    LinkWatch(Link link, long timeoutNanos, Consumer<Link> cut) {
        this.link = link;
        this.timeoutNanos = timeoutNanos;
        this.cut = cut;
        watch = new PeerWatch(link.ends(), timeoutNanos);
        later = CompletableFuture.delayedExecutor(watch.lookNanos(), TimeUnit.NANOSECONDS);
    }

    /** Something is about to be sent. */
    void sending() {
        if (!looking.get() && looking.compareAndSet(false, true)) {
            later.execute(this::look);
        }
    }

    private void look() {
        if (!link.isOpen()) {
            return;
        }
        Traffic traffic = link.traffic();
        switch (watch.look(System.nanoTime(), traffic, KernelSockets::here)) {
            case VANISHED -> {
                long millis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
                link.giveUp("the server has not acknowledged anything for "
                        + (millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms"));
                cut.accept(link);
            }
            case WATCHING -> later.execute(this::look);
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
