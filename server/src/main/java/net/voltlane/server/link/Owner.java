package net.voltlane.server.link;

import io.netty.util.concurrent.EventExecutor;

/**
 * The loop that owns an object without locks. Every method of such an object begins with an assertion, which costs
 * nothing in production:
 *
 * <pre>
 *   assert owner.isCurrent() : "belongs to the session loop";
 * </pre>
 *
 * <p>A class that has its loop already needs no further field for it, and asks {@link EventExecutor#inEventLoop} in the
 * same way. An owner is for a class that must not know Netty's loops, or has no other use for one. After the loops have
 * ended, memory is freed by another thread, so {@code release} and {@code close} ask nothing.
 */
@FunctionalInterface
public interface Owner {
    /** The owner of everything that belongs to {@code loop}. */
    static Owner of(EventExecutor loop) {
        return loop::inEventLoop;
    }

    /** True on the thread of the owning loop. */
    boolean isCurrent();
}
